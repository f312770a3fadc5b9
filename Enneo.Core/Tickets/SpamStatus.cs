namespace Enneo.Core.Tickets;

/// <summary>Whether a ticket is spam, and who says so. What a person says stands: no automatic stage overwrites it.</summary>
public enum SpamStatus
{
    /// <summary>Judged, and wanted.</summary>
    AutoClean,

    /// <summary>Its header or the model says that it is spam.</summary>
    AutoSpam,

    /// <summary>A mail server, a list of senders or another program put it there; counts as spam.</summary>
    AutoProgrammatic,

    /// <summary>A person says that it is wanted.</summary>
    ManualClean,

    /// <summary>A person says that it is spam.</summary>
    ManualSpam,
}

public static class SpamStatusMeaning
{
    public static bool IsSpam(this SpamStatus? status) => status is SpamStatus.AutoSpam or SpamStatus.AutoProgrammatic or SpamStatus.ManualSpam;

    /// <summary>A person decided.</summary>
    public static bool IsManual(this SpamStatus? status) => status is SpamStatus.ManualClean or SpamStatus.ManualSpam;
}
