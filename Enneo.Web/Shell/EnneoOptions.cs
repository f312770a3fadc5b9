using System.ComponentModel.DataAnnotations;

namespace Enneo.Web.Shell;

/// <summary>The settings of the program itself; each slice has its own section below.</summary>
public sealed class EnneoOptions
{
    public const string Section = "Enneo";

    /// <summary>
    /// Where everything is kept. A relative path counts from the folder of appsettings.json: the
    /// solution's when run from it, the program's when published.
    /// </summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    [Required]
    public string Urls { get; set; } = "http://localhost:5080";

    /// <summary>Where people reach it from outside, such as https://mail.example.com: what links in mails begin with. Empty for the address of the page.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Addresses of reverse proxies, besides this machine's own, whose X-Forwarded headers are believed; separated by semicolons.</summary>
    public string KnownProxies { get; set; } = "";
}
