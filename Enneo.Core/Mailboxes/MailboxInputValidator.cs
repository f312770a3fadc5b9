using System.Text.Json;
using Enneo.Core.Mailboxes.Rules;
using FluentValidation;

namespace Enneo.Core.Mailboxes;

/// <summary>The rules of a mailbox: the form and the command share them.</summary>
public sealed class MailboxInputValidator : AbstractValidator<MailboxInput>
{
    /// <summary>Rule set for a mailbox that is not there yet: nothing is stored that could stand for a password.</summary>
    public const string Adding = nameof(Adding);

    private const int MaxNameLength = 200;
    private const int MaxAliases = 100;

    public MailboxInputValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;

        RuleFor(m => m.Channel).Must(channel => Is(channel, "email")).WithMessage(_ => MailboxText.ChannelUnknown);
        RuleFor(m => m.Data.Method)
            .Must(method => Is(method, "imap") || IsByLogin(method) || Is(method, "api")).WithMessage(_ => MailboxText.MethodUnknown);

        When(input => HasServer(input) || Is(input.Data.Method, "api"), () =>
        {
            NamesAndAddresses();
            RuleFor(m => m.Data.Signature)
                .MaximumLength(MailTemplate.MaxLength).WithMessage(_ => MailboxText.SignatureTooLong);
        });
        When(IsImap, () =>
        {
            RuleFor(m => m.Data.Imap).SetValidator(new ServerInputValidator(userRequired: true));
            RuleFor(m => m.Data.Smtp).SetValidator(new ServerInputValidator(userRequired: false));
        });
        When(HasServer, () =>
        {
            RuleFor(m => m.Data.PollSeconds).InclusiveBetween(5, 86_400).WithMessage(_ => MailboxText.PollSecondsInvalid);
            RuleFor(m => m.Data.Folders)
                .Must(folders => folders is not { } given || given.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || FolderWishes.Parse(given) is not null)
                .WithMessage(_ => MailboxText.FoldersInvalid);
            RuleFor(m => m.Data.Spam)
                .Must(spam => spam is not { } given || given.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
                    || SpamWishes.Parse(given) is not null)
                .WithMessage(_ => MailboxText.SpamInvalid);
        });

        RuleSet(Adding, () =>
        {
            RuleFor(m => m.Data.Imap.Password).NotEmpty().When(IsImap).WithMessage(_ => MailboxText.PasswordMissing);
            RuleFor(m => m.Data.Account).NotNull().When(input => IsByLogin(input.Data.Method)).WithMessage(_ => MailboxText.AccountMissing);
        });
    }

    private void NamesAndAddresses()
    {
        RuleFor(m => m.Name)
            .NotEmpty().WithMessage(_ => MailboxText.NameMissing)
            .Must(IsShortLine).WithMessage(_ => MailboxText.NameInvalid);
        RuleFor(m => m.Data.SenderName).Must(IsShortLine).WithMessage(_ => MailboxText.NameInvalid);
        RuleFor(m => m.Data.Address)
            .NotEmpty().WithMessage(_ => MailboxText.AddressMissing)
            .Must(address => AddressSyntax.IsAddress(address!.Trim(' '))).WithMessage(_ => MailboxText.AddressInvalid);
        RuleFor(m => m.Data.Aliases)
            .Must(aliases => aliases.Count <= MaxAliases).WithMessage(_ => MailboxText.AliasesTooMany)
            .Must(aliases => aliases.All(alias => AddressSyntax.IsAddress(alias?.Trim(' ')))).WithMessage(_ => MailboxText.AliasInvalid);
    }

    private static bool IsImap(MailboxInput input) => Is(input.Data.Method, "imap");

    private static bool IsByLogin(string? method) => ByLogin.Is(method?.Trim(' ').ToLowerInvariant());

    private static bool HasServer(MailboxInput input) => IsImap(input) || IsByLogin(input.Data.Method);

    private static bool Is(string? text, string word) => string.Equals(text?.Trim(' '), word, StringComparison.OrdinalIgnoreCase);

    private static bool IsShortLine(string? text) => text is null || (text.Length <= MaxNameLength && !text.Any(char.IsControl));
}
