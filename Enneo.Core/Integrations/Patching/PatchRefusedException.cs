using System.Globalization;

namespace Enneo.Core.Integrations.Patching;

/// <summary>A change breaks a rule: ends the transaction, so that nothing of it is kept.</summary>
internal sealed class PatchRefusedException(IReadOnlyDictionary<string, string[]> errors) : Exception
{
    /// <summary>By index of the change and field, such as <c>0.assignee</c>.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => errors;

    /// <summary>By field alone.</summary>
    public IReadOnlyDictionary<string, string[]> Fields => errors.ToDictionary(error => error.Key[(error.Key.IndexOf('.', StringComparison.Ordinal) + 1)..], error => error.Value);

    public static PatchRefusedException Of(int index, string field, string problem) =>
        new(new Dictionary<string, string[]> { [string.Create(CultureInfo.InvariantCulture, $"{index}.{field}")] = [problem] });
}
