using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;
using Enneo.Core.Activity;
using Enneo.Core.Backup;
using Enneo.Core.Connections;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Net;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Web.Api;

namespace Enneo.Web.Shell;

/// <summary>Our own settings, or what is wrong with them: a line per key, all at once.</summary>
internal sealed record Settings(EnneoOptions Options, IReadOnlyList<string> Problems);

/// <summary>Reads and checks everything below <c>Enneo:</c> before anything starts.</summary>
internal static class SettingsReader
{
    /// <summary>Every section there is. A key below <c>Enneo:</c> that none of them has is a mistake.</summary>
    public static readonly IReadOnlyList<(string Section, Type Options)> Sections =
    [
        (EnneoOptions.Section, typeof(EnneoOptions)),
        (ConnectionOptions.Section, typeof(ConnectionOptions)),
        (NetOptions.Section, typeof(NetOptions)),
        (AlertOptions.Section, typeof(AlertOptions)),
        (SyncOptions.Section, typeof(SyncOptions)),
        (SendingOptions.Section, typeof(SendingOptions)),
        (BackupOptions.Section, typeof(BackupOptions)),
        (ApiOptions.Section, typeof(ApiOptions)),
        (ActivityOptions.Section, typeof(ActivityOptions)),
        (WebhookOptions.Section, typeof(WebhookOptions)),
    ];

    public static Settings Read(IConfiguration configuration)
    {
        EnneoOptions options = new();
        List<string> problems = [.. UnknownSettings.Find(configuration, Sections)];
        foreach (var (section, type) in Sections)
        {
            var values = type == typeof(EnneoOptions) ? options : Activator.CreateInstance(type)!;
            problems.AddRange(Bind(configuration.GetSection(section), values));
        }

        problems.AddRange(UrlProblems(configuration, options));
        problems.AddRange(ProxyProblems(options));
        problems.AddRange(PublicUrlProblems(options));
        return new Settings(options, problems);
    }

    public static IEnumerable<string> List(string text) =>
        text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Bind(IConfigurationSection section, object options)
    {
        HashSet<string> unreadable = [];
        foreach (var property in options.GetType().GetProperties().Where(p => p.CanWrite && section[p.Name] is not null))
        {
            var problem = TrySet(section, property, options);
            if (problem is not null)
            {
                unreadable.Add(property.Name);
                yield return $"{section.Path}:{property.Name}: {problem}";
            }
        }

        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var name = result.MemberNames.FirstOrDefault() ?? "";
            if (!unreadable.Contains(name))
            {
                yield return $"{section.Path}:{name}: {Explain(options, name, result)}";
            }
        }
    }

    private static string? TrySet(IConfigurationSection section, PropertyInfo property, object options)
    {
        try
        {
            property.SetValue(options, section.GetValue(property.PropertyType, property.Name));
            return null;
        }
        catch (InvalidOperationException)
        {
            return string.Format(CultureInfo.CurrentCulture, SettingsText.NotReadable, section[property.Name], KindOf(property.PropertyType));
        }
    }

    private static string KindOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(TimeSpan) => SettingsText.KindDuration,
        var t when t == typeof(bool) => SettingsText.KindBoolean,
        { IsEnum: true } t => string.Format(CultureInfo.CurrentCulture, SettingsText.KindOneOf, string.Join(", ", Enum.GetNames(t))),
        _ => SettingsText.KindNumber,
    };

    private static string Explain(object options, string name, ValidationResult result)
    {
        var property = options.GetType().GetProperty(name);
        var value = property?.GetValue(options);
        if (property?.GetCustomAttribute<RangeAttribute>() is { } range && value is not null)
        {
            return string.Format(CultureInfo.CurrentCulture, SettingsText.OutOfRange, value, range.Minimum, range.Maximum);
        }

        return property?.GetCustomAttribute<RequiredAttribute>() is not null ? SettingsText.Missing : result.ErrorMessage ?? "";
    }

    private static IEnumerable<string> UrlProblems(IConfiguration configuration, EnneoOptions options)
    {
        var hasCertificate = configuration["Kestrel:Certificates:Default:Path"] is not null;
        foreach (var url in List(options.Urls))
        {
            if (UrlProblem(url, hasCertificate) is { } problem)
            {
                yield return $"{EnneoOptions.Section}:{nameof(EnneoOptions.Urls)}: {string.Format(CultureInfo.CurrentCulture, problem, url)}";
            }
        }
    }

    private static string? UrlProblem(string url, bool hasCertificate)
    {
        // "*" and "+" mean every address, as the web server reads it; Uri does not know them.
        var readable = url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal);
        if (!Uri.TryCreate(readable, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
        {
            return SettingsText.UrlUnreadable;
        }

        return uri.Scheme == "https" && !hasCertificate ? SettingsText.UrlWithoutCertificate : null;
    }

    private static IEnumerable<string> ProxyProblems(EnneoOptions options) =>
        from proxy in List(options.KnownProxies)
        where !IPAddress.TryParse(proxy, out _)
        select $"{EnneoOptions.Section}:{nameof(EnneoOptions.KnownProxies)}: {string.Format(CultureInfo.CurrentCulture, SettingsText.ProxyUnreadable, proxy)}";

    private static IEnumerable<string> PublicUrlProblems(EnneoOptions options)
    {
        var isUsable = options.PublicUrl.Length == 0
            || (Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" });
        if (!isUsable)
        {
            yield return $"{EnneoOptions.Section}:{nameof(EnneoOptions.PublicUrl)}: {string.Format(CultureInfo.CurrentCulture, SettingsText.PublicUrlUnreadable, options.PublicUrl)}";
        }
    }
}
