using Enneo.Core.Connections;
using FluentValidation;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>The rules of one of the two servers.</summary>
internal sealed class ServerInputValidator : AbstractValidator<ServerInput>
{
    private const int MaxLength = 1000;

    /// <param name="userRequired">False for SMTP, whose user is that of IMAP when none is given.</param>
    public ServerInputValidator(bool userRequired)
    {
        RuleLevelCascadeMode = CascadeMode.Stop;

        RuleFor(s => s.Host)
            .NotEmpty().WithMessage(_ => MailboxText.HostMissing)
            .Must(host => HostSyntax.IsHost(HostSyntax.Normalize(host!))).WithMessage(_ => MailboxText.HostInvalid);

        RuleFor(s => s.Port)
            .InclusiveBetween(1, 65535).WithMessage(_ => MailboxText.PortInvalid);

        RuleFor(s => s.Security)
            .IsInEnum().WithMessage(_ => MailboxText.SecurityInvalid);

        RuleFor(s => s.User)
            .NotEmpty().When(_ => userRequired, ApplyConditionTo.CurrentValidator).WithMessage(_ => MailboxText.UserMissing)
            .Must(user => user is null || (user.Length <= MaxLength && !user.Any(char.IsControl))).WithMessage(_ => MailboxText.UserInvalid);

        // NUL would end the password in SASL PLAIN (RFC 4616), a line break the command.
        RuleFor(s => s.Password)
            .Must(password => password is null || (password.Length <= MaxLength && password.IndexOfAny(['\r', '\n', '\0']) < 0))
            .WithMessage(_ => MailboxText.PasswordInvalid);

        RuleFor(s => s.TrustedCertificate)
            .Must(text => string.IsNullOrEmpty(text) || CertificateFingerprint.TryNormalize(text, out _)).WithMessage(_ => MailboxText.FingerprintInvalid);
    }
}
