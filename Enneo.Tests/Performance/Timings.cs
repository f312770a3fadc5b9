using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Enneo.Tests.Performance;

/// <summary>How long each kind of thing took, as a table.</summary>
internal sealed class Timings
{
    private readonly List<(string Kind, int Found, List<double> Milliseconds)> _repeated = [];
    private readonly List<string> _once = [];

    public string Once => string.Join(", ", _once);

    public async Task OnceAsync(string what, Func<Task> act)
    {
        var watch = Stopwatch.StartNew();
        await act();
        _once.Add(string.Create(CultureInfo.InvariantCulture, $"{what} in {watch.Elapsed.TotalSeconds:F1} s"));
    }

    /// <param name="ask">Answers how much it found.</param>
    public async Task RepeatAsync(string kind, int rounds, Func<Task<int>> ask)
    {
        var found = await ask(); // what is compiled or opened once is not what a reader waits for
        List<double> milliseconds = [];
        for (var round = 0; round < rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await ask();
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        milliseconds.Sort();
        _repeated.Add((kind, found, milliseconds));
    }

    public IEnumerable<string> SlowerThan(TimeSpan limit) =>
        _repeated.Where(kind => Percentile(kind.Milliseconds, 95) > limit.TotalMilliseconds).Select(kind => kind.Kind);

    public override string ToString()
    {
        StringBuilder table = new();
        List<double> all = [];
        foreach (var (kind, found, milliseconds) in _repeated)
        {
            table.AppendLine(Line(kind, found.ToString(CultureInfo.InvariantCulture), milliseconds));
            all.AddRange(milliseconds);
        }

        all.Sort();
        return table.Append(Line("all of these", "", all)).ToString();
    }

    private static string Line(string kind, string found, List<double> milliseconds) => string.Create(CultureInfo.InvariantCulture,
        $"{kind,-52} {found,4}   p50 {Percentile(milliseconds, 50),7:F1} ms   p95 {Percentile(milliseconds, 95),7:F1} ms   max {milliseconds[^1],7:F1} ms");

    private static double Percentile(List<double> sorted, int percent) => sorted[(int)Math.Ceiling(sorted.Count * percent / 100.0) - 1];
}
