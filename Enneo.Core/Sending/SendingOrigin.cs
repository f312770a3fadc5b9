namespace Enneo.Core.Sending;

/// <summary>The origins that activity of this slice carries.</summary>
internal static class SendingOrigin
{
    /// <summary>What people do to drafts and the outbox.</summary>
    public const string Web = "web";

    /// <summary>What programs do to them.</summary>
    public const string Api = "api";

    /// <summary>What the jobs do.</summary>
    public const string Job = "sending";

    /// <summary>Which door somebody comes by.</summary>
    public static string Of(Activity.Actor actor) => actor.ApiKeyId is null ? Web : Api;
}
