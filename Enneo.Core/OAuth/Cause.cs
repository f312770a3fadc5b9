using System.Globalization;

namespace Enneo.Core.OAuth;

/// <summary>Who can put it right.</summary>
public enum Mender
{
    /// <summary>Whoever may sign in as the mailbox.</summary>
    Person,

    /// <summary>The administrator of the Microsoft 365 tenant.</summary>
    TenantAdministrator,

    /// <summary>An admin of this installation.</summary>
    EnneoAdmin,

    /// <summary>Nobody: it passes.</summary>
    Time,
}

/// <summary>What one of Microsoft's codes means: the cause, who can fix it and where to click.</summary>
public sealed record Cause(string Code, string Text, Mender Mender, string Remedy)
{
    /// <summary>All of it in one paragraph.</summary>
    public string Sentence => string.Format(CultureInfo.CurrentCulture, CauseText.Sentence, Text, WhoOf(Mender), Remedy, Code);

    private static string WhoOf(Mender mender) => mender switch
    {
        Mender.Person => CauseText.WhoPerson,
        Mender.TenantAdministrator => CauseText.WhoTenantAdministrator,
        Mender.EnneoAdmin => CauseText.WhoEnneoAdmin,
        _ => CauseText.WhoTime,
    };
}
