using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Enneo.Web.Commands;

/// <summary>The options that were given, checked against those the command has.</summary>
internal sealed class CommandOptions(IReadOnlyDictionary<string, string> values)
{
    public string this[string name] => values[name];

    public string? Find(string name) => values.GetValueOrDefault(name);

    public bool Has(string name) => values.ContainsKey(name);

    public static bool TryParse(
        CommandDefinition command, string[] arguments, [NotNullWhen(true)] out CommandOptions? options, [NotNullWhen(false)] out string? problem)
    {
        Dictionary<string, string> values = [];
        options = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            if (command.Options.FirstOrDefault(o => o.Name == name) is not { } option)
            {
                problem = Say(CommandText.UnknownOption, name);
                return false;
            }

            if (option.TakesValue)
            {
                value ??= i + 1 < arguments.Length ? arguments[++i] : null;
                if (value is null)
                {
                    problem = Say(CommandText.ValueMissing, name);
                    return false;
                }
            }

            values[name] = value ?? "";
        }

        problem = command.Options.FirstOrDefault(o => o.IsRequired && !values.ContainsKey(o.Name)) is { } missing
            ? Say(CommandText.OptionMissing, command.Name, missing.Name)
            : null;
        options = problem is null ? new CommandOptions(values) : null;
        return problem is null;
    }

    private static string Say(string text, params object[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
