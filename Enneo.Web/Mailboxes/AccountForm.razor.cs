using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using FluentValidation;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>Adds or edits one mailbox. Whoever shows it says what saving, proposing and testing do.</summary>
public sealed partial class AccountForm(MailboxInputValidator validator) : ComponentBase, IDisposable
{
    private static readonly string[] s_more = ["data.folders", "data.since", "data.pollSeconds", "data.aliases"];

    private static readonly string[] s_shown =
    [
        "name", "data.address", "data.account", "data.senderName", "data.signature", "data.seenBy", .. s_more,
        .. new[] { "data.imap", "data.smtp" }.SelectMany(server => new[] { "host", "port", "security", "user", "password", "trustedCertificate" }.Select(field => $"{server}.{field}")),
    ];

    private readonly CancellationTokenSource _closed = new();
    private readonly HashSet<string> _touched = new(StringComparer.OrdinalIgnoreCase);
    private ElementReference _title;
    private AccountDraft _draft = new(new());
    private Dictionary<string, string[]> _errors = new(StringComparer.OrdinalIgnoreCase);
    private bool _everythingTouched;
    private bool _busy;
    private string? _refusal;
    private string? _proposalWords;
    private string _proposedFor = "";

    /// <summary>The mailbox as stored, without passwords; an empty one to add.</summary>
    [Parameter, EditorRequired]
    public required MailboxInput Input { get; set; }

    /// <summary>Null to add.</summary>
    [Parameter]
    public long? MailboxId { get; set; }

    /// <summary>Who there is to see its mail.</summary>
    [Parameter]
    public IReadOnlyList<Person> People { get; set; } = [];

    /// <summary>What happened before this form was shown, such as that it was saved.</summary>
    [Parameter]
    public IReadOnlyList<string> Notices { get; set; } = [];

    /// <summary>Saves; on success whoever shows the form shows what comes next.</summary>
    [Parameter, EditorRequired]
    public required Func<MailboxInput, Task<MailboxEditResult>> Save { get; set; }

    /// <summary>Pauses or resumes the stored mailbox, leaving what is typed aside.</summary>
    [Parameter]
    public EventCallback<bool> OnEnable { get; set; }

    [Parameter, EditorRequired]
    public required Func<string, CancellationToken, Task<ServerProposal?>> Propose { get; set; }

    [Parameter, EditorRequired]
    public required Func<MailboxInput, CancellationToken, IAsyncEnumerable<TestStep>> Test { get; set; }

    [Parameter, EditorRequired]
    public required Func<MailboxInput, string, CancellationToken, IAsyncEnumerable<TestStep>> Send { get; set; }

    /// <summary>Where a test email goes unless something else is typed.</summary>
    [Parameter]
    public string Recipient { get; set; } = "";

    private bool PasswordStored => MailboxId is not null;

    private bool HasServer => _draft.Method == "imap" || _draft.IsByLogin;

    private bool MoreIsOpen => _everythingTouched && s_more.Any(_errors.ContainsKey);

    /// <summary>What is wrong with what the form has no field for.</summary>
    private IEnumerable<string> ErrorsElsewhere =>
        _errors.Where(error => !s_shown.Contains(error.Key, StringComparer.OrdinalIgnoreCase)).SelectMany(error => error.Value);

    protected override void OnInitialized()
    {
        _draft = new AccountDraft(Input);
        _proposedFor = _draft.Address;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && Notices.Count > 0)
        {
            await _title.FocusAsync(); // what was done stands at the top, the button that did it at the foot
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private string Checked(string method) => _draft.Method == method ? "true" : "false";

    /// <summary>What a mailbox is connected by stays as long as it is.</summary>
    private bool IsFixed(string method) => MailboxId is not null && _draft.Method != method;

    private void Choose(string method)
    {
        if (method == _draft.Method)
        {
            return;
        }

        (_draft.Method, _draft.Account) = (method, null); // what one provider gave is nothing to another
        Changed();
    }

    private void Connected(long accountId)
    {
        _draft.Account = accountId;
        Changed();
    }

    private IReadOnlyList<string> ErrorsOf(string path) =>
        (_everythingTouched || _touched.Contains(path)) && _errors.TryGetValue(path, out var errors) ? errors : [];

    private void Changed()
    {
        _refusal = null;
        Validate();
    }

    private void Leave(string path)
    {
        _touched.Add(path);
        Validate();
    }

    private async Task AddressLeftAsync(string path)
    {
        if (_draft.Name.Length == 0 && _draft.Address.Trim().Split('@') is [{ Length: > 0 } local, _])
        {
            _draft.Name = char.ToUpperInvariant(local[0]) + local[1..];
        }

        Leave(path);
        var address = _draft.Address.Trim();
        if (_draft.Method != "imap" || address == _proposedFor || !_draft.ServersUntouched || _errors.ContainsKey(path))
        {
            return;
        }

        _proposedFor = address;
        _proposalWords = AccountWords.Text(AccountsText.Proposing, address[(address.LastIndexOf('@') + 1)..]);
        try
        {
            Adopt(address, await Propose(address, _closed.Token));
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The form was closed meanwhile.
        }
    }

    private void Adopt(string address, ServerProposal? proposal)
    {
        if (address != _proposedFor)
        {
            return; // another address was typed meanwhile, and its proposal is on the way
        }

        if (proposal is null)
        {
            _proposalWords = AccountsText.NothingProposed;
        }
        else if (_draft.ServersUntouched)
        {
            _draft.Adopt(proposal);
            _proposalWords = proposal.Note is { Length: > 0 } note ? AccountWords.Text(AccountsText.ProposedNote, note) : AccountsText.Proposed;
            Validate();
        }
        else
        {
            _proposalWords = null;
        }
    }

    /// <returns>What stands in the form if it can be saved or tested; else null, and the form says why not.</returns>
    private MailboxInput? CheckedInput()
    {
        _everythingTouched = true;
        var input = Validate();
        _refusal = _errors.Count == 0 ? null : Refusal();
        StateHasChanged();
        return _errors.Count == 0 ? input : null;
    }

    private async Task SaveAsync()
    {
        if (_busy || CheckedInput() is not { } input)
        {
            return;
        }

        _busy = true;
        try
        {
            var result = await Save(input);
            if (!result.Succeeded)
            {
                _errors = new(result.Errors, StringComparer.OrdinalIgnoreCase);
                _refusal = Refusal();
            }
        }
        finally
        {
            _busy = false;
        }
    }

    private Task PauseAsync() => OnEnable.InvokeAsync(!Input.Enabled);

    private void Trust((bool Smtp, string Fingerprint) certificate)
    {
        _draft.Trust(certificate.Smtp ? _draft.Smtp : _draft.Imap, certificate.Fingerprint);
        Changed();
    }

    private MailboxInput Validate()
    {
        var input = _draft.ToInput();
        var result = validator.Validate(input, options =>
        {
            options.IncludeRulesNotInRuleSet();
            if (MailboxId is null)
            {
                options.IncludeRuleSets(MailboxInputValidator.Adding);
            }
        });
        _errors = new(result.ToDictionary(), StringComparer.OrdinalIgnoreCase);
        if (_draft.NeedsPasswordAgain)
        {
            _errors["data.imap.password"] = [AccountsText.PasswordOnceMore];
        }

        return input;
    }

    private string Refusal() => _errors.Count == 1 ? AccountsText.OneFieldWrong : AccountWords.Text(AccountsText.FieldsWrong, _errors.Count);
}
