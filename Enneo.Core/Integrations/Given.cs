namespace Enneo.Core.Integrations;

/// <summary>A field that may be left out, which is another thing than null.</summary>
/// <param name="Is">Whether it was named at all.</param>
public readonly record struct Given<T>(bool Is, T? Value)
{
    /// <returns>What was named, or how it is.</returns>
    public T? Or(T? other) => Is ? Value : other;
}
