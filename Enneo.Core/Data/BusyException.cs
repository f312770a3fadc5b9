namespace Enneo.Core.Data;

/// <summary>There is too much to do at this moment, and nothing of this was done: whoever asked may ask again.</summary>
/// <param name="words">What there is too much of, for whoever asked.</param>
public sealed class BusyException(string words) : Exception(words);
