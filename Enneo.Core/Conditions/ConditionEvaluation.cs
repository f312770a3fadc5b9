using System.Globalization;
using System.Text.RegularExpressions;

namespace Enneo.Core.Conditions;

/// <summary>What became of conditions.</summary>
/// <param name="Because">Of those that decided it, the tests that hold: the reason in data.</param>
public sealed record ConditionOutcome(bool Holds, IReadOnlyList<ConditionTest> Because)
{
    internal static readonly ConditionOutcome No = new(false, []);
}

/// <summary>
/// Conditions made ready for many mails: what is tried beforehand and what then really happens are
/// this one thing. A test that cannot be decided in time does not hold, negated or not.
/// </summary>
public sealed class ConditionEvaluation
{
    private readonly ConditionGroup _conditions;
    private readonly Dictionary<string, Regex?> _patterns;

    public ConditionEvaluation(ConditionGroup conditions)
    {
        _conditions = conditions;
        _patterns = conditions.AllTests.Where(test => test.Operator is ConditionOperator.Matches).SelectMany(test => test.Values)
            .Distinct(StringComparer.Ordinal).ToDictionary(pattern => pattern, ConditionPattern.Read, StringComparer.Ordinal);
    }

    public ConditionOutcome Of(MailFacts mail) => Of(_conditions, mail);

    private ConditionOutcome Of(ConditionGroup group, MailFacts mail)
    {
        if (group.IsEmpty)
        {
            return ConditionOutcome.No;
        }

        List<ConditionOutcome> parts =
        [
            .. group.Tests.Select(test => new ConditionOutcome(Holds(test, mail), [test])),
            .. group.Groups.Where(inner => !inner.IsEmpty).Select(inner => Of(inner, mail)),
        ];
        var holds = (group.Any ? parts.Exists(part => part.Holds) : parts.TrueForAll(part => part.Holds)) != group.IsNegated;
        return new(holds, holds && !group.IsNegated ? [.. parts.Where(part => part.Holds).SelectMany(part => part.Because)] : []);
    }

    private bool Holds(ConditionTest test, MailFacts mail)
    {
        try
        {
            return Compare(test, [.. Values(test, mail)]) != test.IsNegated;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private bool Compare(ConditionTest test, List<string> found) => test.Field is ConditionField.HasAttachment
        ? found.Count > 0
        : test.Operator switch
        {
            ConditionOperator.IsEmpty => found.TrueForAll(string.IsNullOrWhiteSpace),
            ConditionOperator.Contains => found.Exists(value => test.Values.Any(wanted => value.Contains(wanted.Trim(), StringComparison.OrdinalIgnoreCase))),
            ConditionOperator.Matches => found.Exists(value => test.Values.Any(pattern => _patterns[pattern]?.IsMatch(value) is true)),
            _ => found.Exists(value => test.Values.Any(wanted => value.Trim().Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase))),
        };

    private static IEnumerable<string> Values(ConditionTest test, MailFacts mail) => test.Field switch
    {
        ConditionField.Subject => [mail.Subject],
        ConditionField.Body => [mail.Body],
        ConditionField.From => mail.FromName.Length > 0 ? [mail.FromAddress, mail.FromName] : [mail.FromAddress],
        ConditionField.FromDomain => [mail.FromDomain],
        ConditionField.To => mail.Recipients,
        ConditionField.Mailbox => [Number(mail.MailboxId)],
        ConditionField.Language => [mail.Language],
        ConditionField.HasAttachment or ConditionField.AttachmentName => mail.AttachmentNames,
        ConditionField.Tag => mail.TagIds.Select(Number),
        _ => mail.Headers.Where(header => header.Name.Equals(test.Header?.Trim(), StringComparison.OrdinalIgnoreCase)).Select(header => header.Value),
    };

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
