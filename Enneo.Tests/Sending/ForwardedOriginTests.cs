using Enneo.Core.Sending;

namespace Enneo.Tests.Sending;

/// <summary>What mail programs write above a mail that somebody forwards.</summary>
public sealed class ForwardedOriginTests
{
    private const string GmailEnglish = """
        FYI, please handle.

        ---------- Forwarded message ---------
        From: Jonas Weber <jonas@customer.example>
        Date: Mon, Mar 2, 2026 at 3:14 PM
        Subject: Where is my bicycle?
        To: <info@workshop.example>


        Good morning,
        is it ready?
        """;

    private const string GmailGerman = """
        ---------- Forwarded message ---------
        Von: *Jonas Weber* <jonas@customer.example>
        Date: Mo., 2. März 2026 um 15:14 Uhr
        Subject: Wo ist mein Fahrrad?
        To: <info@workshop.example>

        Good morning,
        is it ready?
        """;

    private const string OutlookEnglish = """
        Please handle.

        Anna

        ________________________________
        From: Jonas Weber <jonas@customer.example>
        Sent: Monday, March 2, 2026 3:14 PM
        To: Info <info@workshop.example>
        Subject: Where is my bicycle?

        Good morning,
        is it ready?
        """;

    private const string OutlookGerman = """
        Bitte übernehmen.

        -----Ursprüngliche Nachricht-----
        Von: Jonas Weber [mailto:jonas@customer.example]
        Gesendet: Montag, 2. März 2026 15:14
        An: Info
        Betreff: Wo ist mein Fahrrad?

        Good morning,
        is it ready?
        """;

    private const string OutlookBold = """
        *Von:* Jonas Weber <jonas@customer.example>
        *Gesendet:* Montag, 2. März 2026 15:14
        *An:* Info <info@workshop.example>
        *Betreff:* Wo ist mein Fahrrad?

        Good morning,
        is it ready?
        """;

    private const string AppleEnglish = """
        Begin forwarded message:

        > From: Jonas Weber <jonas@customer.example>
        > Subject: Where is my bicycle?
        > Date: 2. March 2026 at 15:14:00 CET
        > To: info@workshop.example
        > 
        > Good morning,
        > is it ready?
        """;

    private const string AppleGerman = """
        Anfang der weitergeleiteten Nachricht:

        Von: Jonas Weber <jonas@customer.example>
        Betreff: Wo ist mein Fahrrad?
        Datum: 2. März 2026 um 15:14:00 MEZ
        An: info@workshop.example

        Good morning,
        is it ready?
        """;

    private const string ThunderbirdEnglish = """
        -------- Forwarded Message --------
        Subject: 	Where is my bicycle?
        Date: 	Mon, 2 Mar 2026 15:14:00 +0100
        From: 	Jonas Weber <jonas@customer.example>
        To: 	info@workshop.example

        Good morning,
        is it ready?
        """;

    private const string ThunderbirdGerman = """
        -------- Weitergeleitete Nachricht --------
        Betreff: 	Wo ist mein Fahrrad?
        Datum: 	Mon, 2 Mar 2026 15:14:00 +0100
        Von: 	Jonas Weber <jonas@customer.example>
        An: 	info@workshop.example

        Good morning,
        is it ready?
        """;

    [Theory]
    [InlineData(GmailEnglish)]
    [InlineData(GmailGerman)]
    [InlineData(OutlookEnglish)]
    [InlineData(OutlookGerman)]
    [InlineData(OutlookBold)]
    [InlineData(AppleEnglish)]
    [InlineData(AppleGerman)]
    [InlineData(ThunderbirdEnglish)]
    [InlineData(ThunderbirdGerman)]
    public void Its_writer_is_found_and_what_they_wrote(string text)
    {
        var origin = ForwardedOrigin.Find(text);

        Assert.NotNull(origin);
        Assert.Equal(("Jonas Weber", "jonas@customer.example"), (origin.Person.Name, origin.Person.Address));
        Assert.Equal("Good morning,\nis it ready?", origin.Text);
    }

    [Theory]
    [InlineData("From: jonas@customer.example\nDate: today\nTo: us\n\nx", "", "jonas@customer.example")]
    [InlineData("From: \"Weber, Jonas\" <jonas@customer.example>\nDate: today\nTo: us", "Weber, Jonas", "jonas@customer.example")]
    public void A_name_may_be_missing_or_quoted(string text, string name, string address)
    {
        var origin = ForwardedOrigin.Find(text);

        Assert.Equal((name, address), (origin!.Person.Name, origin.Person.Address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("From: Jonas Weber <jonas@customer.example>\nGood morning")]
    [InlineData("From: Jonas Weber\nDate: today\nTo: us")]
    [InlineData("To: us\nDate: today\nSubject: x")]
    [InlineData("On Monday, Jonas Weber <jonas@customer.example> wrote:\n> From here\n> To: there")]
    public void A_few_words_are_no_forwarded_mail(string text) => Assert.Null(ForwardedOrigin.Find(text));

    [Theory]
    [InlineData("Fwd: Bicycle", true)]
    [InlineData("WG: Fahrrad", true)]
    [InlineData("AW: WG: Fahrrad", true)]
    [InlineData("FW: Bicycle", true)]
    [InlineData("Re: Bicycle", false)]
    [InlineData("Forward planning: bicycles", false)]
    [InlineData("", false)]
    public void The_subject_says_so(string subject, bool forwarded) => Assert.Equal(forwarded, ForwardedOrigin.IsForward(subject));
}
