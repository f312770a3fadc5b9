using System.Text.Json;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Api;

/// <summary>What is answered where something is wrong: RFC 9457, with <c>errors</c> by field.</summary>
internal static class ApiProblem
{
    /// <summary>Seconds.</summary>
    private const string RetrySoon = "5";

    public static ProblemHttpResult Of(int status, IReadOnlyDictionary<string, string[]> errors)
    {
        var named = errors.Where(error => error.Key.Length > 0).ToDictionary(error => error.Key, error => error.Value);
        var detail = errors.GetValueOrDefault("")?[0] ?? ApiText.FieldsWrong;
        return named.Count == 0
            ? TypedResults.Problem(detail, statusCode: status)
            : TypedResults.Problem(new HttpValidationProblemDetails(named) { Status = status, Title = null, Detail = detail });
    }

    public static ProblemHttpResult Of(int status, ValidationResult result) => Of(
        status,
        result.Errors.GroupBy(error => Path(error.PropertyName), error => error.ErrorMessage).ToDictionary(field => field.Key, field => field.Distinct().ToArray()));

    public static ProblemHttpResult Of(int status, string field, string words) => Of(status, new Dictionary<string, string[]> { [field] = [words] });

    /// <summary>What does not exist, or not for the one who asks.</summary>
    public static ProblemHttpResult NotFound() => TypedResults.Problem(ApiText.NotFound, statusCode: StatusCodes.Status404NotFound);

    /// <summary>Nothing was done, for there is too much to do.</summary>
    public static ProblemHttpResult Busy(HttpContext context, string words)
    {
        context.Response.Headers.RetryAfter = RetrySoon;
        return TypedResults.Problem(words, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static string Path(string property) => string.Join('.', property.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
