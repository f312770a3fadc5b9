using System.Globalization;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Net;
using Enneo.Web.Inbox;

namespace Enneo.Web.Webhooks;

/// <summary>How webhooks and their deliveries are doing, in words.</summary>
internal static class WebhookWords
{
    public static (string Words, string? Class) StateOf(WebhookView webhook, BrowserTime time) => webhook switch
    {
        { Settings.IsActive: false } => (WebhooksText.Off, null),
        { PausedAt: { } since } => (Say(WebhooksText.Resting, time.Full(since)), "state-bad"),
        { FailingSince: { } since } => (Say(WebhooksText.Failing, time.Full(since)), "state-warn"),
        _ => (WebhooksText.Works, "state-ok"),
    };

    public static string CountsOf(WebhookView webhook, BrowserTime time)
    {
        List<string> words = [webhook.LastSuccessAt is { } last ? Say(WebhooksText.LastTold, time.Full(last)) : WebhooksText.NeverTold];
        if (webhook.Waiting > 0)
        {
            words.Add(Say(WebhooksText.WaitingCount, webhook.Waiting));
        }

        if (webhook.Parked > 0)
        {
            words.Add(Say(WebhooksText.ParkedCount, webhook.Parked));
        }

        return string.Join(" · ", words);
    }

    public static (string Words, string? Class) StateOf(WebhookDelivery delivery) => delivery.State switch
    {
        WebhookDeliveryState.Delivered => (WebhooksText.Delivered, "state-ok"),
        WebhookDeliveryState.Parked => (WebhooksText.Parked, "state-bad"),
        WebhookDeliveryState.Withheld => (WebhooksText.Withheld, null),
        _ => (delivery.Attempts == 0 ? WebhooksText.Waiting : WebhooksText.TriedAgain, delivery.Attempts == 0 ? null : "state-warn"),
    };

    /// <summary>How the last attempt ended; empty before the first.</summary>
    public static string AnswerOf(WebhookDelivery delivery) => delivery.Attempts == 0 && delivery.LastAttemptAt is null ? ""
        : delivery.Problem ?? Say(WebhooksText.Answered, delivery.Status, delivery.Milliseconds);

    public static string AnswerOf(PostedAnswer answer) => answer.Problem ?? Say(WebhooksText.Answered, answer.Status, (int)answer.Took.TotalMilliseconds);

    /// <summary>A fingerprint as people compare it.</summary>
    public static string GroupsOf(string fingerprint) => string.Join(' ', fingerprint.Chunk(4).Select(four => new string(four)));

    public static string EventsOf(WebhookView webhook) => webhook.Settings.Events.Count == 0 ? WebhooksText.AllEvents : string.Join(", ", webhook.Settings.Events);

    private static string Say(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
