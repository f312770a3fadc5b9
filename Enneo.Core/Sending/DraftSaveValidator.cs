using System.Globalization;
using Enneo.Core.Messages;
using FluentValidation;

namespace Enneo.Core.Sending;

/// <summary>What a draft may hold. Nothing of it can end a header line and begin another.</summary>
public sealed class DraftSaveValidator : AbstractValidator<DraftSave>
{
    private const int MaxSubject = 900;
    private const int MaxName = 200;
    private const int MaxRecipients = 200;
    private const int MaxHtml = 2_000_000;

    public DraftSaveValidator()
    {
        RuleFor(save => save.Subject)
            .NotNull()
            .MaximumLength(MaxSubject).WithMessage(SendingText.SubjectTooLong)
            .Must(IsOneLine).WithMessage(SendingText.SubjectLineBreak);
        RuleFor(save => save.Html).NotNull().MaximumLength(MaxHtml).WithMessage(SendingText.TextTooLong);
        RuleForEach(save => save.To).SetValidator(new RecipientValidator());
        RuleForEach(save => save.Cc).SetValidator(new RecipientValidator());
        RuleForEach(save => save.Bcc).SetValidator(new RecipientValidator());
        RuleFor(save => save)
            .Must(save => save.To.Count + save.Cc.Count + save.Bcc.Count <= MaxRecipients)
            .WithMessage(SendingText.TooManyRecipients);
    }

    private static bool IsOneLine(string? text) => text?.Any(char.IsControl) != true;

    private sealed class RecipientValidator : AbstractValidator<MailAddress>
    {
        public RecipientValidator()
        {
            RuleFor(recipient => recipient.Address)
                .Must(RecipientAddress.IsValid)
                .WithMessage((recipient, _) => string.Format(CultureInfo.CurrentCulture, SendingText.InvalidAddress, recipient.Address));
            RuleFor(recipient => recipient.Name)
                .NotNull()
                .MaximumLength(MaxName).WithMessage(SendingText.NameTooLong)
                .Must(IsOneLine).WithMessage(SendingText.NameLineBreak);
        }
    }
}
