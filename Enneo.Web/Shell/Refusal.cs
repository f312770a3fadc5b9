namespace Enneo.Web.Shell;

/// <summary>Why the program does not run, a line each on standard error, and how it ends.</summary>
internal sealed record Refusal(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>EX_CONFIG of sysexits(3).</summary>
    public const int WrongSettings = 78;

    public const int Failure = 1;

    public static Refusal Settings(params IReadOnlyList<string> lines) => new(WrongSettings, lines);

    public static Refusal Because(string line) => new(Failure, [line]);

    public int Print()
    {
        foreach (var line in Lines)
        {
            Console.Error.WriteLine(line);
        }

        return ExitCode;
    }
}
