using Enneo.Core.Search.Language;

namespace Enneo.Tests.Search;

public sealed class QueryReaderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 23, 30, 0, TimeSpan.Zero); // the 5th already, in Berlin
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("", "")]
    [InlineData("   \t ", "")]
    [InlineData("invoice", "invoice…")]
    [InlineData("invoice ", "invoice")]
    [InlineData("wrong invoice", "wrong & invoice…")]
    [InlineData("  wrong \u00A0 invoice\n", "wrong & invoice")]
    [InlineData("\"wrong amount\"", "'wrong amount'")]
    [InlineData("„falscher Betrag“ Rechnung", "'falscher Betrag' & Rechnung…")]
    [InlineData("\"never closed", "'never closed'")]
    [InlineData("inv* amount now", "inv… & amount & now…")]
    [InlineData("INV-2041 x", "INV-2041 & x…")]
    [InlineData("-draft invoice", "invoice… without draft")]
    [InlineData("invoice -\"second reminder\" -from:bot", "invoice without second reminder, from:bot")]
    [InlineData("invoice - credit", "invoice & credit…")]
    [InlineData("invoice OR credit", "invoice | credit…")]
    [InlineData("a1 OR b1 OR from:c1 d1", "a1 | b1 | from:c1 & d1…")]
    [InlineData("invoice | credit note", "invoice | credit & note…")]
    [InlineData("OR invoice OR", "invoice")]
    [InlineData("or invoice", "or & invoice…")]
    [InlineData("ORDER invoice", "ORDER & invoice…")]
    public void WordsAreAllWanted(string typed, string expected) => Assert.Equal(expected, Describe(Read(typed)));

    [Theory]
    [InlineData("from:marta", "from:marta…")]
    [InlineData("FROM:marta@example.net", "from:marta@example.net…")]
    [InlineData("from: marta", "from:marta…")]
    [InlineData("from:\"Marta Nowak\" to:support subject:invoice filename:pdf", "from:'Marta Nowak' & to:support & subject:invoice & filename:pdf…")]
    [InlineData("from:", "")]
    [InlineData("from: to:", "")]
    [InlineData("color:red", "color:red…")]
    [InlineData("https://example.net/x", "https://example.net/x…")]
    [InlineData(":x", ":x…")]
    [InlineData("subject:re:invoice", "subject:re:invoice…")]
    public void OperatorsSayWhereToLook(string typed, string expected) => Assert.Equal(expected, Describe(Read(typed)));

    [Theory]
    [InlineData("has:attachment", "has:attachment")]
    [InlineData("has:Attachments -is:unread", "has:attachment is:read")]
    [InlineData("-has:attachment", "-has:attachment")]
    [InlineData("is:unread is:open", "is:unread is:open")]
    [InlineData("is:READ -is:open", "is:read is:closed")]
    [InlineData("is:", "")]
    [InlineData("mailbox:sales mailbox:\"Customer care\" -mailbox:old", "mailbox:sales mailbox:Customer care -mailbox:old")]
    public void OperatorsNarrowTheSearch(string typed, string expected) => Assert.Equal(expected, Describe(Read(typed)));

    [Theory]
    [InlineData("after:2026-03-01", "after:2026-02-28T23:00")]
    [InlineData("before:2026-7-1", "before:2026-06-30T22:00")]
    [InlineData("after:2026-02", "after:2026-01-31T23:00")]
    [InlineData("after:2025", "after:2024-12-31T23:00")]
    [InlineData("after:today", "after:2026-03-04T23:00")]
    [InlineData("before:yesterday", "before:2026-03-03T23:00")]
    [InlineData("after:7d", "after:2026-02-25T23:00")]
    [InlineData("before:2w", "before:2026-02-18T23:00")]
    [InlineData("after:1m", "after:2026-02-04T23:00")]
    [InlineData("after:1Y", "after:2025-03-04T23:00")]
    [InlineData("after:4000y", "after:1969-12-31T23:00")]
    [InlineData("-after:2026-03-01", "before:2026-02-28T23:00")]
    [InlineData("after:2024 after:2025 before:2027 before:2026", "after:2024-12-31T23:00 before:2025-12-31T23:00")]
    public void DaysBeginWhereTheReaderIs(string typed, string expected) => Assert.Equal(expected, Describe(Read(typed)));

    [Theory]
    [InlineData("is:new invoice", "invoice…", "is:new is left out: is: takes unread, read, open or closed.")]
    [InlineData("has:money", "", "has:money is left out: has: takes attachment.")]
    [InlineData("before:soon", "", "before:soon is left out")]
    [InlineData("after:2026-13-40", "", "after:2026-13-40 is left out")]
    [InlineData("before:999999999999999d", "", "before:999999999999999d is left out")]
    [InlineData("\"[(*+\\", "", "There is no letter or digit in [(*+\\ to look for")]
    [InlineData("👍 thanks", "thanks…", "There is no letter or digit in 👍 to look for")]
    [InlineData("invoice OR is:unread", "invoice is:unread", "OR joins words")]
    public void WhatCannotBeTakenIsSaid(string typed, string expected, string note)
    {
        var query = Read(typed);

        Assert.Equal(expected, Describe(query));
        Assert.StartsWith(note, Assert.Single(query.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void AQueryWithoutEndIsCut()
    {
        var query = Read(string.Join(' ', Enumerable.Range(0, 10_000).Select(i => $"w{i}")));

        Assert.InRange(query.All.Count, 30, 50);
    }

    [Theory]
    [InlineData("Gebühren", "gebuhren")]
    [InlineData("ÀÉÎ", "aei")]
    [InlineData("straße", "straße")]
    [InlineData("한국", "한국")]
    public void WordsAreFoldedAsTheIndexFoldsThem(string word, string folded) => Assert.Equal(folded, Words.Fold(word));

    [Theory]
    [InlineData("marta@exam", "marta@", "exam")]
    [InlineData("exam", "", "exam")]
    [InlineData("exam.", "exam.", "")]
    [InlineData("x\U00010400y", "", "x\U00010400y")]
    public void OnlyTheLastWordMayGoOn(string typed, string head, string last) => Assert.Equal((head, last), Words.SplitLast(typed));

    private static SearchQuery Read(string typed) => QueryReader.Read(typed, s_now, s_berlin);

    private static string Describe(SearchQuery query)
    {
        List<string> parts = [];
        if (query.All.Count > 0)
        {
            parts.Add(string.Join(" & ", query.All.Select(terms => string.Join(" | ", terms.Select(Describe)))));
        }

        if (query.None.Count > 0)
        {
            parts.Add("without " + string.Join(", ", query.None.Select(Describe)).Replace("'", "", StringComparison.Ordinal));
        }

        parts.AddRange(query.Mailboxes.Select(name => $"mailbox:{name}"));
        parts.AddRange(query.OtherMailboxes.Select(name => $"-mailbox:{name}"));
        parts.AddRange(query.HasAttachments is { } has ? [has ? "has:attachment" : "-has:attachment"] : []);
        parts.AddRange(query.IsUnread is { } unread ? [unread ? "is:unread" : "is:read"] : []);
        parts.AddRange(query.IsClosed is { } closed ? [closed ? "is:closed" : "is:open"] : []);
        parts.AddRange(query.After is { } after ? [$"after:{after.UtcDateTime:yyyy-MM-dd'T'HH:mm}"] : []);
        parts.AddRange(query.Before is { } before ? [$"before:{before.UtcDateTime:yyyy-MM-dd'T'HH:mm}"] : []);
        return string.Join(' ', parts);
    }

    private static string Describe(SearchTerm term)
    {
        var words = term.Words.Contains(' ', StringComparison.Ordinal) ? $"'{term.Words}'" : term.Words;
        var field = term.Field is SearchField.Anywhere ? "" : term.Field.ToString().ToLowerInvariant() + ":";
        return $"{field}{words}{(term.IsPrefix ? "…" : "")}";
    }
}
