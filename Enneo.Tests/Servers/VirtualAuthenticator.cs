using Microsoft.Playwright;

namespace Enneo.Tests.Servers;

/// <summary>A security key within Chromium (its DevTools' WebAuthn domain) that always finds its owner's finger.</summary>
public sealed class VirtualAuthenticator
{
    private readonly ICDPSession _tools;
    private readonly string _id;

    private VirtualAuthenticator(ICDPSession tools, string id) => (_tools, _id) = (tools, id);

    /// <summary>Plugs one into a page; it stays while the page does.</summary>
    public static async Task<VirtualAuthenticator> PlugInAsync(IPage page)
    {
        var tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("WebAuthn.enable");
        var added = await tools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualAuthenticator(tools, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>How many passkeys it holds.</summary>
    public async Task<int> CountAsync()
    {
        var answer = await _tools.SendAsync("WebAuthn.getCredentials", new Dictionary<string, object> { ["authenticatorId"] = _id });
        return answer!.Value.GetProperty("credentials").EnumerateArray().Count();
    }
}
