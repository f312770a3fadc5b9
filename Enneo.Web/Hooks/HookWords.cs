using System.Globalization;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Hooks;
using Enneo.Web.Inbox;

namespace Enneo.Web.Hooks;

/// <summary>Hooks and their calls in words.</summary>
internal static class HookWords
{
    /// <summary>As programs read it.</summary>
    public static string Word(HookOutcome outcome) => outcome.ToString().ToLowerInvariant();

    public static string Of(HookProof proof) => proof switch
    {
        HookProof.StandardWebhooks => HooksText.ProofStandard,
        HookProof.GitHub => HooksText.ProofGitHub,
        HookProof.Hmac => HooksText.ProofHmac,
        HookProof.Header => HooksText.ProofKey,
        _ => HooksText.ProofBearer,
    };

    public static string Of(HookAction action) => action switch
    {
        HookAction.Upsert => HooksText.DoesUpsert,
        HookAction.Update => HooksText.DoesUpdate,
        HookAction.Store => HooksText.DoesStore,
        HookAction.Tag => HooksText.DoesTag,
        HookAction.Read => HooksText.DoesRead,
        _ => HooksText.DoesClose,
    };

    public static string Of(StoredKind kind) => kind switch
    {
        StoredKind.Note => HooksText.KindNote,
        StoredKind.In => HooksText.KindIn,
        _ => HooksText.KindOut,
    };

    public static (string Words, string? Class) StateOf(HookView hook) => hook switch
    {
        { Settings.IsActive: false } => (HooksText.Off, null),
        { KeyIsGone: true } => (HooksText.KeyGone, "state-bad"),
        { Last: null } => (HooksText.NeverCalled, null),
        { Last.Outcome: HookOutcome.Refused } => (HooksText.LastRefused, "state-warn"),
        _ => (HooksText.Works, "state-ok"),
    };

    public static string LastOf(HookView hook, BrowserTime time) => hook.Last is { } last
        ? string.Format(CultureInfo.CurrentCulture, HooksText.LastCall, time.Full(last.At), last.Problem).TrimEnd(' ', '·')
        : "";

    public static (string Words, string? Class) StateOf(HookCall call) => call.Outcome switch
    {
        HookOutcome.Done => (HooksText.Done, "state-ok"),
        HookOutcome.Refused => (string.Format(CultureInfo.CurrentCulture, HooksText.Refused, call.Status), "state-bad"),
        HookOutcome.Ignored => (HooksText.Ignored, null),
        HookOutcome.Repeated => (HooksText.Repeated, null),
        _ => (HooksText.Begun, "state-warn"),
    };
}
