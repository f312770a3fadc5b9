using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox test</c>: Test Email Receipt, step by step.</summary>
internal sealed class MailboxTest(MailboxReports reports, MailboxEditing editing, ConnectionTest test) : ICommand
{
    public static readonly CommandDefinition Command = new("mailbox test", new CommandOption("--address", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var address = options["--address"].Trim();
        var mailboxes = (await reports.ListAsync(cancellationToken)).Select(report => report.Mailbox);
        if (mailboxes.FirstOrDefault(m => m.Address.Equals(address, StringComparison.OrdinalIgnoreCase)) is not { } mailbox
            || await editing.FindAsync(mailbox.Id, cancellationToken) is not { } input)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchMailbox, address)).Print();
        }

        var failed = false;
        await foreach (var step in test.RunAsync(input, mailbox.Id, cancellationToken))
        {
            failed |= step.State == StepState.Failed;
            Print(step);
        }

        return failed ? Refusal.Failure : 0;
    }

    private static void Print(TestStep step)
    {
        var mark = step.State switch
        {
            StepState.Done => CommandText.StepDone,
            StepState.Failed => CommandText.StepFailed,
            _ => "-",
        };
        var took = step.Took is { } time ? string.Create(CultureInfo.InvariantCulture, $" ({time.TotalMilliseconds:0} ms)") : "";
        Console.Out.WriteLine($"{mark,-7} {step.Text}{took}");
        if (step.ServerText is { } words)
        {
            Detail(CommandText.ServerSays, words);
        }

        if (step.UntrustedCertificate is { } fingerprint)
        {
            Detail(CommandText.CertificateToTrust, fingerprint);
        }
    }

    private static void Detail(string text, string value) =>
        Console.Out.WriteLine($"{"",-7} {string.Format(CultureInfo.CurrentCulture, text, value)}");
}
