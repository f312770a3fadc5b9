using System.Globalization;
using Enneo.Core.Messages;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>To or Cc: addresses as chips, and a line to type or paste more.</summary>
public sealed partial class AddressField : ComponentBase
{
    private readonly string _id = $"addresses-{Guid.NewGuid():N}";

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailAddress> Addresses { get; set; }

    [Parameter]
    public EventCallback<IReadOnlyList<MailAddress>> AddressesChanged { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>What was typed and is not an address; nothing may be sent before it is mended.</summary>
    public string Unfinished { get; private set; } = "";

    private string Wrong => string.Format(CultureInfo.CurrentCulture, InboxText.NotAnAddress, Unfinished);

    private static string Remove(MailAddress address) => string.Format(CultureInfo.CurrentCulture, InboxText.RemoveAddress, address.Address);

    private async Task EnterAsync(string? text)
    {
        var entry = AddressEntry.Parse(text ?? "");
        Unfinished = entry.Rest;
        var known = Addresses.Select(address => address.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var added = entry.Addresses.Where(address => known.Add(address.Address)).ToList();
        if (added.Count > 0)
        {
            await AddressesChanged.InvokeAsync([.. Addresses, .. added]);
        }
    }

    private Task RemoveAsync(MailAddress address) => AddressesChanged.InvokeAsync([.. Addresses.Where(other => other != address)]);
}
