using System.Net;
using System.Text.RegularExpressions;

namespace Enneo.Tests.Shell;

/// <summary>
/// A browser without a screen: keeps cookies, fills forms, follows nothing by itself. It speaks http, also where a
/// proxy's headers say https, and so keeps Secure cookies too.
/// </summary>
public sealed partial class WebVisitor(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
    private readonly Dictionary<string, string> _headers = new() { ["Accept"] = "text/html" };

    /// <summary>Sent with every request.</summary>
    public IDictionary<string, string> Headers => _headers;

    public IDictionary<string, string> Cookies { get; } = new Dictionary<string, string>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>As a proxy on this machine passes on a request that came to it over https.</summary>
    public WebVisitor BehindHttpsProxy(string host = "mail.example.test")
    {
        Headers["X-Forwarded-For"] = "203.0.113.7";
        Headers["X-Forwarded-Proto"] = "https";
        Headers["Host"] = host;
        return this;
    }

    public async Task<HttpResponseMessage> GetAsync(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(path, UriKind.Relative));
        return await SendAsync(request);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        foreach (var (name, value) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Cookies.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var answer = await _http.SendAsync(request, Cancelled);
        Keep(answer);
        return answer;
    }

    /// <summary>Opens the page and sends its form as a browser would.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, params (string Name, string Value)[] fields)
    {
        var form = (await HiddenFieldsAsync(path)).Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await PostAsync(path, form);
    }

    /// <summary>Opens the page, whose form may be sent later.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> HiddenFieldsAsync(string path)
    {
        using var page = await GetAsync(path);
        var html = await page.Content.ReadAsStringAsync(Cancelled);
        return [.. HiddenField().Matches(html).Select(m => KeyValuePair.Create(m.Groups["name"].Value, WebUtility.HtmlDecode(m.Groups["value"].Value)))];
    }

    public async Task<HttpResponseMessage> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new FormUrlEncodedContent(fields) };
        return await SendAsync(request);
    }

    public Task<HttpResponseMessage> SignInAsync(string email, string password, string path = "sign-in") =>
        SubmitAsync(path, ("Form.Email", email), ("Form.Password", password));

    public void Dispose() => _http.Dispose();

    private void Keep(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            return;
        }

        foreach (var (name, value) in cookies.Select(cookie => cookie.Split(';')[0].Split('=', 2)).Select(pair => (pair[0], pair[1])))
        {
            if (value.Length > 0)
            {
                Cookies[name] = value;
            }
            else
            {
                Cookies.Remove(name);
            }
        }
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)"(?: b-\w+)? />""")]
    private static partial Regex HiddenField();
}
