namespace Enneo.Web.Shell;

/// <summary>The address by which people reach the product: what links begin with that leave it.</summary>
/// <param name="options">As read at the start.</param>
public sealed class PublicAddress(EnneoOptions options)
{
    /// <summary>Scheme, host and port without a slash at the end; null when none is set.</summary>
    public string? Set { get; } = options.PublicUrl.Length == 0 ? null : new Uri(options.PublicUrl).GetLeftPart(UriPartial.Authority);

    /// <param name="path">As <see cref="Urls"/> builds it.</param>
    /// <param name="requested">Address at which the page is open, used when none is set.</param>
    public string Link(string path, string requested) => (Set ?? new Uri(requested).GetLeftPart(UriPartial.Authority)) + path;
}
