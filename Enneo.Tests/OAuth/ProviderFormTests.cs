using Bunit;
using Enneo.Core.OAuth;
using Enneo.Web.Microsoft365;
using Enneo.Web.OAuth;
using Enneo.Web.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.OAuth;

/// <summary>The fields of a provider, without a browser.</summary>
public sealed class ProviderFormTests : BunitContext
{
    public ProviderFormTests()
    {
        Services.AddSingleton(new RedirectAddress(new EnneoOptions()));
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void A_new_certificate_is_trusted_where_that_is_asked_and_for_the_fingerprint_that_stood_there()
    {
        ProviderDraft draft = new(new ProviderInput { TrustedCertificate = new string('A', 64) }) { Fingerprint = "64 digits" };
        Assert.Empty(FormOf(draft, "fingerprint").FindAll("#provider-trust")); // which is no question of trust

        draft.Fingerprint = new string('B', 64);
        var form = FormOf(draft, ProviderEditing.TrustField);
        form.Find("#provider-trust").Change(true);
        Assert.Equal(new string('B', 64), draft.ToInput().ComparedCertificate);

        form.Find("#provider-fingerprint").Change(new string('C', 64));

        Assert.False(form.Find("#provider-trust").HasAttribute("checked"));
        Assert.Equal((new string('C', 64), new string('B', 64)), (draft.ToInput().TrustedCertificate, draft.ToInput().ComparedCertificate)); // which are not the same
    }

    private IRenderedComponent<ProviderForm> FormOf(ProviderDraft draft, string problem) => Render<ProviderForm>(parameters => parameters
        .Add(form => form.Draft, draft)
        .Add(form => form.Problems, new Dictionary<string, string[]> { [problem] = ["Why."] }));
}
