using Enneo.Core.OAuth;

namespace Enneo.Tests.Microsoft365;

/// <summary>Somebody in the directory. Addresses that nobody was added for are people too.</summary>
internal sealed record EntraPerson(string Address, Guid ObjectId)
{
    public const string Password = "what-anna-knows";

    /// <summary>Other addresses at which they receive mail.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The directory that they belong to.</summary>
    public string Tenant { get; init; } = EntraServer.Tenant;

    /// <summary>A private account, as of outlook.com.</summary>
    public bool IsPrivate => Tenant == ConnectedAccount.PersonalTenant;

    /// <summary>As Graph names them: private accounts by the sixteen digits at the end of their object id alone.</summary>
    public string GraphId => IsPrivate ? ObjectId.ToString("N")[16..] : ObjectId.ToString();

    /// <summary>As Graph tells it.</summary>
    public string MailAddress { get; init; } = Address;

    /// <summary>Of the app.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>More than a token names: it says so, and Graph has to be asked.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What an identity token says besides, such as <c>acct</c> and <c>idp</c>.</summary>
    public IReadOnlyDictionary<string, object> Claims { get; init; } = new Dictionary<string, object>();

    /// <summary>A shared mailbox that Exchange lets them into. (Exchange looks that up; the mail server of the tests reads it in the token.)</summary>
    public string? FullAccess { get; init; }
}

/// <summary>What a code stands for until it is redeemed.</summary>
internal sealed record EntraGrant(EntraPerson Person, string RedirectUri, string Challenge);

/// <summary>Why the authority says no.</summary>
/// <param name="Number">Of the AADSTS code.</param>
internal sealed record EntraRefusal(string Error, int Number, string Text = "Said so by the test.", int Status = 400);
