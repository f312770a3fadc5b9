using System.Globalization;
using Enneo.Core.OAuth;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Microsoft365;

/// <summary>Where a person lands who comes back from Microsoft: how it ended, while the form they left goes on by itself.</summary>
public sealed partial class DonePage(DoneWords said)
{
    /// <summary>As <see cref="ConnectEnd"/> is called.</summary>
    [SupplyParameterFromQuery]
    public string? End { get; set; }

    /// <summary>Microsoft's code.</summary>
    [SupplyParameterFromQuery]
    public string? Code { get; set; }

    /// <summary>From <see cref="DoneWords"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Said { get; set; }

    private string Title => End switch
    {
        nameof(ConnectEnd.Connected) => ConnectText.DoneConnected,
        nameof(ConnectEnd.ConsentGiven) => ConnectText.DoneConsent,
        nameof(ConnectEnd.Refused) => ConnectText.DoneRefused,
        _ => ConnectText.DoneUnexpected,
    };

    private string Words => said.Read(Said) ?? End switch
    {
        nameof(ConnectEnd.Connected) => ConnectText.DoneConnectedWords,
        nameof(ConnectEnd.ConsentGiven) => ConnectText.DoneConsentWords,
        nameof(ConnectEnd.Refused) => Causes.Of(SafeCode).Sentence,
        _ => ConnectText.DoneUnexpectedWords,
    };

    /// <summary>Whoever writes an address by hand puts no words into our page.</summary>
    private string SafeCode => new([.. (Code ?? "").Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.').Take(40)]);

    /// <param name="said">What is said in place of the usual words; null for those.</param>
    internal static string AddressOf(ConnectResult result, string? said) => string.Create(
        CultureInfo.InvariantCulture, $"{Urls.Microsoft365Done}?end={result.End}{(result.Cause is { } cause ? $"&code={cause.Code}" : "")}{(said is null ? "" : $"&said={said}")}");
}
