using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Integrations;
using Enneo.Web.Api.Json;
using Enneo.Web.Tickets;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Enneo.Web.Api;

/// <summary>A request that says by what rules it is right.</summary>
internal interface IApiRequest<TSelf>
    where TSelf : IApiRequest<TSelf>
{
    static abstract IValidator<TSelf> Validator { get; }
}

/// <summary>A request that may send mail, which nobody takes back.</summary>
internal interface IMaySend
{
    bool SendsAtOnce { get; }
}

/// <summary>A request some of whose fields mean nothing beside others.</summary>
internal interface IMayIgnore
{
    /// <summary>Those that it has, and that nobody reads in it.</summary>
    IReadOnlyList<string> Unread { get; }
}

/// <summary>A request that may say what its sender calls what it makes, by which it is known again.</summary>
internal interface IMayBeNamed
{
    /// <summary>It does: the same request again makes nothing twice.</summary>
    bool IsNamed { get; }
}

/// <summary>A request that says all it has to where it has no body.</summary>
internal interface IMayBeEmpty;

/// <summary>A body as it came, or what is wrong with it.</summary>
internal interface IBody
{
    IResult? Problem { get; }

    /// <summary>SHA-256 of its bytes, in hex.</summary>
    string Hash { get; }

    /// <summary>Fields that it has and nobody reads.</summary>
    IReadOnlyList<string> Ignored => [];

    /// <summary>See <see cref="IMayBeNamed"/>.</summary>
    bool IsNamed => false;
}

/// <summary>Reads the JSON of a request, and tells field by field what is wrong, and what it does not read.</summary>
internal sealed class Body<T> : IBody, IEndpointParameterMetadataProvider
    where T : class, IApiRequest<T>
{
    /// <summary>Puts the files of a form to the request; null for requests that have none.</summary>
    private static readonly Func<T, IReadOnlyList<AttachmentRequest>, T>? s_withFiles = typeof(T).IsAssignableTo(typeof(ITakesFiles<T>))
        ? (value, files) => ((ITakesFiles<T>)value).With(files)
        : null;

    private static readonly bool s_mayBeEmpty = typeof(T).IsAssignableTo(typeof(IMayBeEmpty));

    private const int BufferSize = 16 * 1024;

    private readonly T? _value;

    private Body(T? value, IResult? problem) => (_value, Problem) = (value, problem);

    public IResult? Problem { get; }

    public string Hash { get; private init; } = "";

    public IReadOnlyList<string> Ignored { get; private init; } = [];

    public bool IsNamed => _value is IMayBeNamed { IsNamed: true };

    /// <exception cref="InvalidOperationException">There is a problem instead.</exception>
    public T Value => _value ?? throw new InvalidOperationException("The body was not right.");

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context)
    {
        if (s_mayBeEmpty && context.Request.ContentLength is null or 0 && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return Check(JsonSerializer.Deserialize<T>("{}"u8, ApiJson.Reading)!, "", []);
        }

        var isForm = s_withFiles is not null && context.Request.HasFormContentType;
        if (!isForm && !context.Request.HasJsonContentType())
        {
            return Wrong(StatusCodes.Status415UnsupportedMediaType, "", ApiText.NotJson);
        }

        try
        {
            var (json, files) = isForm ? await FormBody.ReadAsync(context) : (await ReadAsync(context), []);
            if (Read(json) is not ({ } value, var ignored))
            {
                return Wrong(StatusCodes.Status400BadRequest, "", ApiText.BodyMissing);
            }

            if (!WholeJson.Is(json.Span))
            {
                return Wrong(StatusCodes.Status400BadRequest, "", ApiText.TextBroken);
            }

            return Check(files.Count > 0 ? s_withFiles!(value, files) : value, FormBody.HashOf(json, files), [.. ignored, .. (value as IMayIgnore)?.Unread ?? []]);
        }
        catch (UnreadPartException unread)
        {
            return Wrong(StatusCodes.Status400BadRequest, unread.Message, ApiText.FormFieldUnknown);
        }
        catch (InvalidDataException)
        {
            return Wrong(StatusCodes.Status400BadRequest, "", ApiText.BodyUnreadable); // a form that is none
        }
        catch (JsonException exception)
        {
            return Wrong(StatusCodes.Status400BadRequest, PathOf(exception), WordsOf(exception));
        }
        catch (BadHttpRequestException exception)
        {
            return Wrong(exception.StatusCode, "", ApiText.BodyUnreadable);
        }
        catch (IOException exception) when (isForm && PassingTrouble.Of(exception) is null)
        {
            return Wrong(StatusCodes.Status400BadRequest, "", ApiText.BodyUnreadable); // a form that ends in the middle of a part
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", .. s_withFiles is null ? (string[])[] : [FormBody.ContentType], "*/*"], typeof(T), s_mayBeEmpty)); // else routing answers for us where it is another

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var share = context.Features.Get<BodyShare>();
        MemoryStream bytes = new();
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            share?.Grow(bytes.Length + read);
            bytes.Write(buffer, 0, read);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>
    /// A field that nobody reads is named in the answer. One that is only written otherwise is refused, for it was meant; and
    /// so is any where mail leaves at once, for it may have been meant to hold it.
    /// </summary>
    private static (T? Value, IReadOnlyList<string> Ignored) Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            return (JsonSerializer.Deserialize<T>(json.Span, ApiJson.Reading), []);
        }
        catch (JsonException exception) when (IsUnknownField(exception))
        {
            var unknown = UnknownFields.Of(json, typeof(T));
            var value = JsonSerializer.Deserialize<T>(json.Span, ApiJson.ReadingKnown);
            if (value is IMaySend { SendsAtOnce: true } || unknown.Any(field => field.IsSlip))
            {
                throw;
            }

            return (value, [.. unknown.Select(field => field.Path)]);
        }
    }

    private static Body<T> Check(T value, string hash, IReadOnlyList<string> ignored)
    {
        var checkedBy = T.Validator.Validate(value);
        return checkedBy.IsValid ? new(value, null) { Hash = hash, Ignored = ignored } : new(null, ApiProblem.Of(StatusCodes.Status400BadRequest, checkedBy));
    }

    private static Body<T> Wrong(int status, string field, string words) =>
        new(null, ApiProblem.Of(status, new Dictionary<string, string[]> { [field] = [words] }));

    private static bool IsUnknownField(JsonException exception) => exception.InnerException is null && exception.Message.Contains("could not be mapped", StringComparison.Ordinal);

    /// <summary>Without the <c>$</c> that stands for the body itself.</summary>
    private static string PathOf(JsonException exception) => exception.Path?.TrimStart('$').TrimStart('.') ?? "";

    /// <summary>Ours are meant for people; those of the framework name types, or quote the body.</summary>
    private static string WordsOf(JsonException exception)
    {
        if (IsUnknownField(exception))
        {
            var known = ApiJson.Reading.GetTypeInfo(typeof(T)).Properties.Select(property => property.Name).Order(StringComparer.Ordinal);
            return string.Format(CultureInfo.InvariantCulture, PathOf(exception).Contains('.', StringComparison.Ordinal) ? ApiText.FieldUnknown : ApiText.FieldUnknownHere, string.Join(", ", known));
        }

        return exception.Message.StartsWith("The JSON", StringComparison.Ordinal) || exception.InnerException is not null ? ApiText.ValueWrong : exception.Message;
    }
}

/// <summary>Answers in the endpoint's place where the body was not right, and says what of it was not read.</summary>
internal sealed class BodyCheck : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.Arguments.OfType<IBody>().FirstOrDefault() is not { } body)
        {
            return await next(context);
        }

        var answer = body.Problem ?? await next(context);
        return body.Ignored.Count > 0 && answer is IResult result ? new WarnedResult(result, body.Ignored) : answer;
    }
}
