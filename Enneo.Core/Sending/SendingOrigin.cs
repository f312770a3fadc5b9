namespace Enneo.Core.Sending;

/// <summary>The origins that activity of this slice carries.</summary>
internal static class SendingOrigin
{
    /// <summary>What people do to drafts and the outbox.</summary>
    public const string Web = "web";

    /// <summary>What the jobs do.</summary>
    public const string Job = "sending";
}
