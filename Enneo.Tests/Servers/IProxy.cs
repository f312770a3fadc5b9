namespace Enneo.Tests.Servers;

/// <summary>A real web server that speaks https in front of Enneo.</summary>
public interface IProxy : IAsyncDisposable
{
    Uri Address { get; }

    /// <param name="enneo">Where it finds Enneo.</param>
    Task StartAsync(Uri enneo, CancellationToken cancellationToken);
}

internal static class ProxySample
{
    /// <summary>A sample that lost one of its lines would no longer be what is tested.</summary>
    public static string Replaced(string sample, params ReadOnlySpan<(string Of, string With)> values)
    {
        foreach (var (of, with) in values)
        {
            Assert.Contains(of, sample, StringComparison.Ordinal);
            sample = sample.Replace(of, with, StringComparison.Ordinal);
        }

        return sample;
    }
}
