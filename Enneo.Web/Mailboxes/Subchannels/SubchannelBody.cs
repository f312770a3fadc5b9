using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Enneo.Core.Integrations;
using Enneo.Core.Mailboxes;
using Enneo.Web.Api;
using Microsoft.AspNetCore.Http.Metadata;

namespace Enneo.Web.Mailboxes.Subchannels;

/// <summary>The mailbox object, as the command's file has it; <see cref="MailboxInputValidator"/> says what is wrong with it.</summary>
internal sealed class SubchannelBody : IBody, IEndpointParameterMetadataProvider
{
    private SubchannelBody(MailboxInput? value, IResult? problem) => (Value, Problem) = (value ?? new(), problem);

    public MailboxInput Value { get; }

    public IResult? Problem { get; }

    public string Hash { get; private init; } = "";

    public static async ValueTask<SubchannelBody?> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            return new(null, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, "", ApiText.NotJson));
        }

        try
        {
            using MemoryStream bytes = new();
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
            var json = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            var input = JsonSerializer.Deserialize<MailboxInput>(json, MailboxJson.Options);
            var refusal = input is null ? ApiText.BodyMissing : WholeJson.Is(json) ? null : ApiText.TextBroken;
            return new(refusal is null ? input : null, refusal is null ? null : ApiProblem.Of(StatusCodes.Status400BadRequest, "", refusal)) { Hash = Convert.ToHexString(SHA256.HashData(json)) };
        }
        catch (JsonException exception)
        {
            // Never its words, which may quote a password.
            var field = exception.Path is ['$', '.', .. var path] ? path : "";
            return new(null, ApiProblem.Of(StatusCodes.Status400BadRequest, field, ApiText.ValueWrong));
        }
        catch (BadHttpRequestException exception)
        {
            return new(null, ApiProblem.Of(exception.StatusCode, "", ApiText.BodyUnreadable));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", "*/*"], typeof(MailboxInput)));
}
