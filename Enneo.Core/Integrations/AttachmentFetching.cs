using System.Globalization;
using System.Net.Mime;
using Enneo.Core.Net;
using Enneo.Core.Sending;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Integrations;

/// <summary>A file as a program names it: its bytes in base64, or an address from which they are fetched.</summary>
public sealed record WantedFile(string? Name, string? Base64, string? Url, string? ContentType)
{
    /// <summary>Its bytes, where they are here already.</summary>
    public byte[]? Bytes { get; init; }
}

/// <param name="Errors">By place, such as <c>attachments[0]</c>; empty when all are there.</param>
public sealed record FetchedFiles(IReadOnlyList<ProgramFile> Files, IReadOnlyDictionary<string, string[]> Errors);

/// <summary>Gets the files of a request before anything else is done: one that cannot be had fails the whole.</summary>
public sealed class AttachmentFetching(GuardedHttp http, IOptions<SendingOptions> options)
{
    public const int MaxFiles = 50;

    private const string AnyType = "*/*";

    public async Task<FetchedFiles> RunAsync(IReadOnlyList<WantedFile> wanted, CancellationToken cancellationToken)
    {
        List<ProgramFile> files = [];
        var left = options.Value.MaxAttachmentBytes;
        foreach (var (index, file) in wanted.Index())
        {
            var (bytes, type, problem) = file.Bytes is { } here ? (here, MediaTypeNames.Application.Octet, null) : file.Base64 is { } text ? Decode(text) : await FetchAsync(file.Url ?? "", cancellationToken);
            left -= bytes?.Length ?? 0;
            if (bytes is null || left < 0)
            {
                var words = problem ?? new AttachmentTooLargeException(options.Value.MaxAttachmentBytes).Message;
                return new([], new Dictionary<string, string[]> { [string.Create(CultureInfo.InvariantCulture, $"attachments[{index}]")] = [words] });
            }

            files.Add(new ProgramFile(file.Name ?? NameOf(file.Url), file.ContentType ?? type, bytes));
        }

        return new(files, new Dictionary<string, string[]>());
    }

    private static (byte[]? Bytes, string Type, string? Problem) Decode(string text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? (bytes[..length], MediaTypeNames.Application.Octet, null)
            : (null, "", IntegrationText.NotBase64);
    }

    private async Task<(byte[]? Bytes, string Type, string? Problem)> FetchAsync(string address, CancellationToken cancellationToken) =>
        await http.FetchAsync(address, AnyType, _ => true, cancellationToken) is { } fetched
            ? (fetched.Bytes, fetched.ContentType.Length > 0 ? fetched.ContentType : MediaTypeNames.Application.Octet, null)
            : (null, "", IntegrationText.NotFetched);

    private static string NameOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && Uri.UnescapeDataString(uri.Segments[^1]) is { Length: > 0 } name and not "/" ? name : "attachment";
}
