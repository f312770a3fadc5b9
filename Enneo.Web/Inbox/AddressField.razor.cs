using System.Globalization;
using Enneo.Core.Contacts;
using Enneo.Core.Messages;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Enneo.Web.Inbox;

/// <summary>To, Cc or Bcc: addresses as chips, and a line to type or paste more, completed from contacts.</summary>
public sealed partial class AddressField(ContactQueries contacts, CurrentReach reach) : ComponentBase, IDisposable
{
    private const int MaxShown = 8;

    private readonly CancellationTokenSource _closed = new();
    private readonly string _id = $"addresses-{Guid.NewGuid():N}";
    private IReadOnlyList<MailAddress> _people = [];
    private string _text = "";
    private string? _taken;
    private int _active = -1;

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

    private bool IsOpen => _people.Count > 0;

    private string ListId => _id + "-people";

    private string Wrong => string.Format(CultureInfo.CurrentCulture, InboxText.NotAnAddress, Unfinished);

    private string Found => !IsOpen ? "" : string.Format(CultureInfo.CurrentCulture, _people.Count == 1 ? InboxText.OnePerson : InboxText.PeopleFound, _people.Count);

    /// <summary>Takes what is typed and not yet entered, as leaving the line does.</summary>
    public Task CommitAsync() => _text.Length > 0 ? TakeAsync(_text) : Task.CompletedTask;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private static string Remove(MailAddress address) => string.Format(CultureInfo.CurrentCulture, InboxText.RemoveAddress, address.Address);

    private string OptionId(int index) => string.Create(CultureInfo.InvariantCulture, $"{_id}-{index}");

    private async Task TypeAsync(string? text)
    {
        (_text, _taken) = (text ?? "", null);
        if (_text.IndexOfAny([',', ';', '\n', '\t']) >= 0 && AddressEntry.Parse(_text).Addresses.Count > 0)
        {
            await TakeAsync(_text);
            return;
        }

        Unfinished = "";
        await CompleteAsync();
    }

    private async Task CompleteAsync()
    {
        var typed = _text;
        var found = typed.Trim().Length == 0 ? [] : await contacts.CompleteAsync(await reach.NowAsync(_closed.Token), typed, MaxShown + Addresses.Count, _closed.Token);
        if (typed == _text) // else more was typed meanwhile
        {
            var known = Known();
            _people = [.. found.Where(person => !known.Contains(person.Address)).Take(MaxShown)];
            _active = IsOpen && AddressEntry.Parse(typed).Addresses.Count == 0 ? 0 : -1; // a whole address is meant as it is
        }
    }

    /// <summary>Left the line, or pressed Enter in it.</summary>
    private Task EnterAsync(ChangeEventArgs change) =>
        change.Value is string text && text != _taken ? TakeAsync(text) : Task.CompletedTask; // the browser still says what a choice replaced

    private async Task PressAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" or "ArrowUp" when IsOpen:
                _active = (_active + (key.Key == "ArrowDown" ? 1 : _people.Count + (_active < 0 ? 0 : -1))) % _people.Count;
                break;
            case "Escape":
                Close();
                break;
            case "Enter" or "Tab" when IsOpen && _active >= 0 && !key.ShiftKey:
                await ChooseAsync(_people[_active]);
                break;
            case "Enter" when IsOpen:
                _taken = _text;
                await TakeAsync(_text);
                break;
            case "Backspace" when _text.Length == 0 && Addresses.Count > 0:
                await RemoveAsync(Addresses[^1]);
                break;
        }
    }

    private async Task ChooseAsync(MailAddress person)
    {
        (_taken, _text, Unfinished) = (_text, "", "");
        Close();
        await AddAsync([person]);
    }

    private async Task TakeAsync(string text)
    {
        var entry = AddressEntry.Parse(text);
        (_text, Unfinished) = (entry.Rest, entry.Rest);
        Close();
        await AddAsync(entry.Addresses);
    }

    private async Task AddAsync(IEnumerable<MailAddress> addresses)
    {
        var known = Known();
        var added = addresses.Where(address => known.Add(address.Address)).ToList();
        if (added.Count > 0)
        {
            await AddressesChanged.InvokeAsync([.. Addresses, .. added]);
        }
    }

    private Task RemoveAsync(MailAddress address) => AddressesChanged.InvokeAsync([.. Addresses.Where(other => other != address)]);

    private HashSet<string> Known() => Addresses.Select(address => address.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private void Close() => (_people, _active) = ([], -1);
}
