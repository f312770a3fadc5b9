using FluentValidation;

namespace Enneo.Core.Identity.ApiKeys;

/// <summary>A key to be made.</summary>
/// <param name="MailboxIds">Beyond these it sees nothing; null for no such limit.</param>
public sealed record NewApiKey(string Name, ApiScopes Scopes, IReadOnlyCollection<long>? MailboxIds = null);

/// <summary>How the making of a key ended.</summary>
/// <param name="Secret">The key, shown this once.</param>
/// <param name="Problem">Why there is none, in words.</param>
public sealed record ApiKeyResult(long? KeyId, string? Secret, string? Problem)
{
    public bool Succeeded => KeyId is not null;

    internal static ApiKeyResult Refused(string problem) => new(null, null, problem);
}

/// <summary>The rules of a key: the pages and the command share them.</summary>
public sealed class NewApiKeyValidator : AbstractValidator<NewApiKey>
{
    private const int MaxName = 100;
    private const ApiScopes All = ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin;

    public NewApiKeyValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(key => key.Name)
            .Must(name => !string.IsNullOrWhiteSpace(name)).WithMessage(_ => PeopleText.KeyNameMissing)
            .Must(name => name.Length <= MaxName && !name.Any(char.IsControl)).WithMessage(_ => PeopleText.KeyNameInvalid);
        RuleFor(key => key.Scopes).Must(scopes => scopes is not ApiScopes.None && (scopes & ~All) == 0).WithMessage(_ => PeopleText.KeyScopeMissing);
        RuleFor(key => key.MailboxIds).Must(ids => ids is null or { Count: > 0 }).WithMessage(_ => PeopleText.KeyMailboxMissing);
    }
}
