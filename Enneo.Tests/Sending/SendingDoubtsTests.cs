using Enneo.Core.Messages;
using Enneo.Core.Sending;

namespace Enneo.Tests.Sending;

public sealed class SendingDoubtsTests
{
    [Theory]
    [InlineData("<div>The invoice is attached.</div>")]
    [InlineData("<div>See the attachment</div>")]
    [InlineData("<div>please find <b>enclosed</b></div>")]
    [InlineData("<div>Die Rechnung finden Sie anbei.</div>")]
    [InlineData("<div>Im Anhang die Rechnung</div>")]
    [InlineData("<div>in der Anlage</div>")]
    [InlineData("<div>das beigefügte Formular</div>")]
    [InlineData("<div>ANGEHÄNGT</div>")]
    public void Who_speaks_of_an_attachment_is_asked(string html) => Assert.Equal(SendingDoubt.NothingAttached, SendingDoubts.Of(Draft(html)));

    [Theory]
    [InlineData("<div>It is ready.</div>")]
    [InlineData("<div>Thank you for your attachment.</div>")]
    [InlineData("<div>Ihren Anhang habe ich gelesen.</div>")]
    [InlineData("<blockquote>It is attached</blockquote><div>It is not there.</div>")]
    [InlineData("<div>detached house, Anhänger</div>")]
    [InlineData("<div>attached <img src=\"/draft/image/1\"></div>")]
    [InlineData("")]
    public void Who_does_not_is_not(string html) => Assert.Null(SendingDoubts.Of(Draft(html)));

    [Fact]
    public void A_file_or_a_whole_mail_is_enough()
    {
        var draft = Draft("<div>attached</div>");
        DraftAttachment file = new() { DraftId = 1, Name = "a", ContentType = "text/plain", Size = 1 };

        Assert.Null(SendingDoubts.Of(draft with { Attachments = [file] }));
        Assert.Null(SendingDoubts.Of(draft with { Mode = DraftMode.ForwardAsAttachment }));
    }

    [Fact]
    public void Without_subject_is_asked_first() => Assert.Equal(SendingDoubt.NoSubject, SendingDoubts.Of(Draft("<div>attached</div>") with { Subject = "" }));

    private static DraftView Draft(string html) => new(
        1, 1, 1, 1, DraftMode.Reply, new MailAddress("", "a@x.example"), [], [], [], "Subject", html, 1, default, []);
}
