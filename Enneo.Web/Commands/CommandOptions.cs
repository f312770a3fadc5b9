using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Enneo.Web.Commands;

/// <summary>The options that were given, checked against those the command has.</summary>
internal sealed class CommandOptions(string? operand, IReadOnlyDictionary<string, string> values)
{
    /// <summary>The word that follows the command's name, where it has one.</summary>
    public string Operand => operand ?? throw new InvalidOperationException("The command has no operand.");

    public string this[string name] => values[name];

    public string? Find(string name) => values.GetValueOrDefault(name);

    public bool Has(string name) => values.ContainsKey(name);

    public static bool TryParse(
        CommandDefinition command, string? operand, string[] arguments, [NotNullWhen(true)] out CommandOptions? options, [NotNullWhen(false)] out string? problem)
    {
        Dictionary<string, string> values = [];
        options = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            if (operand is null && command.Operand is not null && !name.StartsWith('-'))
            {
                operand = arguments[i];
                continue;
            }

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

        var missing = operand is null && command.Operand is not null
            ? command.Operand
            : command.Options.FirstOrDefault(o => o.IsRequired && !values.ContainsKey(o.Name))?.Name;
        problem = missing is null ? null : Say(CommandText.OptionMissing, command.Name, missing);
        options = problem is null ? new CommandOptions(operand, values) : null;
        return problem is null;
    }

    private static string Say(string text, params object[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
