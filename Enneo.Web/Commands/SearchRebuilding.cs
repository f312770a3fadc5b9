using System.Globalization;
using Enneo.Core.Search;

namespace Enneo.Web.Commands;

/// <summary><c>search rebuild</c>: makes the search index anew from the sources of all mail.</summary>
internal sealed class SearchRebuilding(SearchRebuild rebuild) : ICommand
{
    public static readonly CommandDefinition Command = new("search rebuild");

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var count = await rebuild.RunAsync(cancellationToken);
        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.SearchRebuilt, count));
        return 0;
    }
}
