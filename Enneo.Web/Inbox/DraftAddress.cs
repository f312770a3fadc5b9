using System.Globalization;

namespace Enneo.Web.Inbox;

/// <summary>Where a draft's text and files are taken in.</summary>
internal static class DraftAddress
{
    public static string Draft(long draftId) => string.Create(CultureInfo.InvariantCulture, $"/draft/{draftId}");

    public static string Attachments(long draftId) => Draft(draftId) + "/attachment";

    public static string Pictures(long draftId) => Draft(draftId) + "/image";

    public static string Attachment(long draftId, long attachmentId) =>
        string.Create(CultureInfo.InvariantCulture, $"{Attachments(draftId)}/{attachmentId}");
}
