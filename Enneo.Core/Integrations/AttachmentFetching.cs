using System.Globalization;
using System.Net.Mime;
using Enneo.Core.Data;
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
public sealed class AttachmentFetching(GuardedHttp http, IOptions<SendingOptions> options, IOptions<NetOptions> net) : IDisposable
{
    public const int MaxFiles = 50;

    /// <summary>Requests whose files are fetched at the same time: those files are in memory.</summary>
    public const int ConcurrentRequests = 8;

    private readonly SemaphoreSlim _slots = new(ConcurrentRequests);

    /// <summary>The longest that a request waits for others.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="BusyException">The files of too many other requests are being fetched.</exception>
    public async Task<FetchedFiles> RunAsync(IReadOnlyList<WantedFile> wanted, CancellationToken cancellationToken)
    {
        if (!wanted.Any(file => file.Url is not null))
        {
            return await TakeAsync(wanted, cancellationToken, cancellationToken);
        }

        if (!await _slots.WaitAsync(Patience, cancellationToken))
        {
            throw new BusyException(IntegrationText.FetchingBusy);
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(net.Value.FilesTimeout);
            return await TakeAsync(wanted, limit.Token, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<FetchedFiles> TakeAsync(IReadOnlyList<WantedFile> wanted, CancellationToken inTime, CancellationToken cancellationToken)
    {
        List<ProgramFile> files = [];
        var left = options.Value.MaxAttachmentBytes;
        foreach (var (index, file) in wanted.Index())
        {
            var (bytes, type, problem) = file.Bytes is { } here ? (here, MediaTypeNames.Application.Octet, null)
                : file.Base64 is { } text ? Decode(text)
                : await FetchAsync(file.Url ?? "", left, inTime, cancellationToken);
            left -= bytes?.Length ?? 0;
            if (bytes is null || left < 0)
            {
                return new([], new Dictionary<string, string[]> { [string.Create(CultureInfo.InvariantCulture, $"attachments[{index}]")] = [problem ?? TooLarge] });
            }

            files.Add(new ProgramFile(file.Name ?? NameOf(file.Url), file.ContentType ?? type, bytes));
        }

        return new(files, new Dictionary<string, string[]>());
    }

    private string TooLarge => new AttachmentTooLargeException(options.Value.MaxAttachmentBytes).Message;

    private static (byte[]? Bytes, string Type, string? Problem) Decode(string text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? (bytes[..length], MediaTypeNames.Application.Octet, null)
            : (null, "", IntegrationText.NotBase64);
    }

    private async Task<(byte[]? Bytes, string Type, string? Problem)> FetchAsync(string address, long left, CancellationToken inTime, CancellationToken cancellationToken)
    {
        try
        {
            return await http.FetchFileAsync(address, left, inTime) is { } fetched
                ? (fetched.Bytes, fetched.ContentType.Length > 0 ? fetched.ContentType : MediaTypeNames.Application.Octet, null)
                : (null, "", Say(IntegrationText.NotFetched, net.Value.Timeout));
        }
        catch (ContentTooLargeException)
        {
            return (null, "", TooLarge);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "", Say(IntegrationText.FilesTooSlow, net.Value.FilesTimeout));
        }
    }

    private static string Say(string text, TimeSpan limit) => string.Format(CultureInfo.InvariantCulture, text, limit.TotalSeconds);

    private static string NameOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && Uri.UnescapeDataString(uri.Segments[^1]) is { Length: > 0 } name and not "/" ? name : "attachment";
}
