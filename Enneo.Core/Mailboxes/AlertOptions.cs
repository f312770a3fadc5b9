using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Mailboxes;

public sealed class AlertOptions
{
    public const string Section = "Enneo:Alerts";

    /// <summary>Admins are told of a mailbox that has not worked for so long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan MailboxDownFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Who connects a mailbox and has not come back from the login for so long is asked whether an administrator must agree.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LoginUnfinishedFor { get; set; } = TimeSpan.FromMinutes(2);
}

[OptionsValidator]
internal sealed partial class AlertOptionsValidator : IValidateOptions<AlertOptions>;
