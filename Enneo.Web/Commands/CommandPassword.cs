using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary>The password a command gives to a person: the first line of standard input, else one made here.</summary>
internal sealed record CommandPassword(string Value, bool IsGenerated)
{
    public static async Task<CommandPassword> ReadAsync(CancellationToken cancellationToken)
    {
        var typed = Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellationToken) : null;
        return string.IsNullOrEmpty(typed) ? new(PasswordRules.Generate(), true) : new(typed, false);
    }

    /// <summary>Says what was done, with a generated password, this once; or why not.</summary>
    public int Report(AccountResult result, string done)
    {
        if (!result.Succeeded)
        {
            return Refusal.Because(result.Problem ?? "").Print();
        }

        Console.Out.WriteLine(done);
        if (IsGenerated)
        {
            Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.GeneratedPassword, Value));
        }

        return 0;
    }
}
