namespace Enneo.Core.Messages;

/// <summary>
/// Estimates what the parser will spend on header fields. They stand in nested parts too, so every run of
/// lines that looks like one field counts. The bytes may come in pieces of any size.
/// </summary>
internal struct FieldCosts
{
    /// <summary>A field as long as this costs nothing worth counting.</summary>
    private const int HarmlessField = 16 * 1024;

    /// <summary>By measurement an unfolded field costs this much less than a folded one of the same size.</summary>
    private const double UnfoldedDiscount = 100;

    private const int MaxFieldName = 200;

    private double _ended;
    private long _read;
    private long? _field;
    private bool _isFolded;
    private bool _isInLine;

    /// <summary>In squares of bytes.</summary>
    public readonly double Total => _ended + Open;

    private readonly double Open => _field is not { } start || _read - start <= HarmlessField
        ? 0
        : (double)(_read - start) * (_read - start) / (_isFolded ? 1 : UnfoldedDiscount);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..(end + 1)];
            if (!_isInLine)
            {
                BeginLine(line);
            }

            _isInLine = end < 0;
            _read += line.Length;
            bytes = bytes[line.Length..];
        }
    }

    private void BeginLine(ReadOnlySpan<byte> line)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            _isFolded = true;
            return;
        }

        _ended += Open;
        _field = IsFieldStart(line) ? _read : null;
        _isFolded = false;
    }

    /// <summary>A line cut off within what may be a name counts as one: too much is better than too little.</summary>
    private static bool IsFieldStart(ReadOnlySpan<byte> line)
    {
        var name = line[..Math.Min(line.Length, MaxFieldName)];
        var colon = name.IndexOf((byte)':');
        if (colon < 0 && line.Length < MaxFieldName && line[^1] != '\n')
        {
            colon = line.Length;
        }

        return colon > 0 && name[..colon].IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
    }
}
