namespace Enneo.Web.Api;

/// <summary>An answer with a secret in it, which is shown once and kept nowhere.</summary>
internal interface IToldOnce
{
    /// <summary>The same without the secret: what a repeated request is answered.</summary>
    object ToldAgain { get; }
}
