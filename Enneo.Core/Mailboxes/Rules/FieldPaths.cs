using System.Text.Json;
using FluentValidation.Results;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>Validation failures by the path of the field in JSON: <c>Data.Imap.Host</c> is <c>data.imap.host</c>.</summary>
internal static class FieldPaths
{
    public static Dictionary<string, string[]> Of(ValidationResult result) => result.Errors
        .GroupBy(error => Of(error.PropertyName), error => error.ErrorMessage)
        .ToDictionary(field => field.Key, field => field.Distinct().ToArray());

    private static string Of(string property) => string.Join('.', property.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
