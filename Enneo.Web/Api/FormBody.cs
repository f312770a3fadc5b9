using System.Security.Cryptography;
using System.Text;
using Enneo.Web.Tickets;

namespace Enneo.Web.Api;

/// <summary>A request that may bring files beside its JSON.</summary>
internal interface ITakesFiles<out TSelf>
{
    TSelf With(IReadOnlyList<AttachmentRequest> files);
}

/// <summary>A form has a field that nobody reads, which its message names.</summary>
internal sealed class UnreadPartException(string field) : Exception(field);

/// <summary>A form of several parts: the field <c>json</c> is the request, each file an attachment (RFC 7578).</summary>
internal static class FormBody
{
    public const string ContentType = "multipart/form-data";
    public const string Field = "json";

    public static async Task<(ReadOnlyMemory<byte> Json, IReadOnlyList<AttachmentRequest> Files)> ReadAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form.Keys.FirstOrDefault(key => key != Field) is { } unread)
        {
            throw new UnreadPartException(unread);
        }

        List<AttachmentRequest> files = [];
        foreach (var file in form.Files)
        {
            var bytes = new byte[file.Length];
            await using var content = file.OpenReadStream();
            await content.ReadExactlyAsync(bytes, context.RequestAborted);
            files.Add(new AttachmentRequest(file.FileName.Length > 0 ? file.FileName : file.Name, null, null, file.ContentType) { Bytes = bytes });
        }

        return (Encoding.UTF8.GetBytes(form[Field].ToString()), files);
    }

    /// <summary>SHA-256 of all that was sent, in hex.</summary>
    public static string HashOf(ReadOnlyMemory<byte> json, IReadOnlyList<AttachmentRequest> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(json.Span);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{file.Name}\0{file.ContentType}\0"));
            hash.AppendData(file.Bytes ?? []);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
