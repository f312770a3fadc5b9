using System.Globalization;

namespace Enneo.Core.Search.Language;

/// <summary>
/// Reads what a person typed into the search box. Whatever it is, there is a query of it: an operator
/// that does not exist is a word, and a value that an operator does not take is left out with a note.
/// </summary>
public sealed class QueryReader
{
    private readonly DateTimeOffset _now;
    private readonly TimeZoneInfo _zone;
    private readonly List<List<SearchTerm>> _all = [];
    private readonly List<SearchTerm> _none = [];
    private readonly List<string> _notes = [];
    private SearchQuery _query = new();
    private bool _joins;
    private bool _canBeJoined;

    private QueryReader(DateTimeOffset now, TimeZoneInfo zone) => (_now, _zone) = (now, zone);

    /// <param name="now">Ages count from here.</param>
    /// <param name="zone">Where the days of who asks begin.</param>
    public static SearchQuery Read(string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        QueryReader reader = new(now, zone);
        foreach (var part in QueryPart.Of(text))
        {
            reader.Add(part);
        }

        return reader._query with { All = [.. reader._all], None = reader._none, Notes = reader._notes };
    }

    private void Add(QueryPart part)
    {
        if (part.IsOr)
        {
            (_joins, _canBeJoined) = (_canBeJoined, false);
            return;
        }

        if (part.Operator is null or Operator.From or Operator.To or Operator.Subject or Operator.FileName)
        {
            AddWords(part);
            return;
        }

        if (_joins)
        {
            Note(QueryText.OrJoinsWords);
        }

        (_joins, _canBeJoined) = (false, false);
        if (part.Value.Length > 0) // else it is still being typed
        {
            Narrow(part);
        }
    }

    private void AddWords(QueryPart part)
    {
        if (!Words.HasAny(part.Value))
        {
            if (part.Value.Trim('-', '*', ' ', '.', ',', '&', '+').Length > 0)
            {
                Note(QueryText.NoWordIn, part.Value);
            }

            return;
        }

        var mayGoOn = !part.IsQuoted && (part.IsLast || part.Value.EndsWith('*')) && !part.IsNegated;
        SearchTerm term = new(FieldOf(part.Operator), part.Value.TrimEnd('*'), mayGoOn);
        if (part.IsNegated)
        {
            _none.Add(term);
        }
        else if (_joins)
        {
            _all[^1].Add(term);
        }
        else
        {
            _all.Add([term]);
        }

        (_joins, _canBeJoined) = (false, !part.IsNegated);
    }

    private static SearchField FieldOf(Operator? named) => named switch
    {
        Operator.From => SearchField.From,
        Operator.To => SearchField.To,
        Operator.Subject => SearchField.Subject,
        Operator.FileName => SearchField.FileName,
        _ => SearchField.Anywhere,
    };

    private void Narrow(QueryPart part)
    {
        switch (part.Operator)
        {
            case Operator.Mailbox when part.IsNegated:
                _query = _query with { OtherMailboxes = [.. _query.OtherMailboxes, part.Value] };
                break;
            case Operator.Mailbox:
                _query = _query with { Mailboxes = [.. _query.Mailboxes, part.Value] };
                break;
            case Operator.Tag when part.IsNegated:
                _query = _query with { OtherTags = [.. _query.OtherTags, part.Value] };
                break;
            case Operator.Tag:
                _query = _query with { Tags = [.. _query.Tags, part.Value] };
                break;
            case Operator.Has when part.Value.ToLowerInvariant() is "attachment" or "attachments" or "file" or "files":
                _query = _query with { HasAttachments = !part.IsNegated };
                break;
            case Operator.Has:
                Note(QueryText.HasTakes, part.Value);
                break;
            case Operator.Is:
                NarrowState(part);
                break;
            default:
                NarrowTime(part);
                break;
        }
    }

    private void NarrowState(QueryPart part)
    {
        switch (part.Value.ToLowerInvariant())
        {
            case "unread":
                _query = _query with { IsUnread = !part.IsNegated };
                break;
            case "read":
                _query = _query with { IsUnread = part.IsNegated };
                break;
            case "closed":
                _query = _query with { IsClosed = !part.IsNegated };
                break;
            case "open":
                _query = _query with { IsClosed = part.IsNegated };
                break;
            default:
                Note(QueryText.IsTakes, part.Value);
                break;
        }
    }

    private void NarrowTime(QueryPart part)
    {
        if (Dates.Read(part.Value, _now, _zone) is not { } at)
        {
            Note(part.Operator is Operator.Before ? QueryText.BeforeTakes : QueryText.AfterTakes, part.Value);
        }
        else if (part.Operator is Operator.Before != part.IsNegated)
        {
            _query = _query with { Before = _query.Before < at ? _query.Before : at };
        }
        else
        {
            _query = _query with { After = _query.After > at ? _query.After : at };
        }
    }

    private void Note(string text, params object[] values)
    {
        var note = string.Format(CultureInfo.CurrentCulture, text, values);
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }
}
