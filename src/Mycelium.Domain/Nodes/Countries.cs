using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Mycelium.Domain.Nodes;

/// <summary>
/// Finds a country by what a grid calls it: its name in ISO 3166-1, its official name, a common or alternative name, or its code of two or
/// three letters. Case, accents, the Unicode composition of letters, punctuation, articles and the order of words do not matter.
/// </summary>
public static class Countries
{
    private static readonly FrozenDictionary<string, Country> byName =
        CountryTable.Rows.ToFrozenDictionary(country => country.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Connecting words, which do not distinguish names.</summary>
    private static readonly FrozenSet<string> connectingWords = FrozenSet.Create("the", "and", "of", "de", "du", "la", "le", "el");

    /// <summary>Words for the form of a state, which only official names contain.</summary>
    private static readonly FrozenSet<string> stateForms = FrozenSet.Create(
        "republic", "rep", "kingdom", "state", "states", "commonwealth", "principality", "sultanate", "emirate", "grand", "duchy",
        "federation", "federal", "federative", "federated",
        "union", "united", "islamic", "arab", "democratic", "people", "peoples", "socialist", "popular", "bolivarian", "plurinational",
        "hashemite", "eastern", "oriental", "cooperative",
        "co", "operative", "independent", "sovereign", "nation", "confederation", "country", "territory", "collectivity", "department", "bailiwick");

    /// <summary>Names that two states share; only the form of the state distinguishes them.</summary>
    private static readonly FrozenSet<string> sharedNames = FrozenSet.Create("china", "congo", "korea");

    /// <summary>Letters that do not decompose into a base letter and an accent.</summary>
    private static readonly Dictionary<char, string> replacements = new()
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['ø'] = "o",
        ['ł'] = "l",
        ['đ'] = "d",
        ['ð'] = "d",
        ['þ'] = "th",
        ['ħ'] = "h",
        ['ŧ'] = "t",
        ['&'] = " and ",
    };

    private static readonly FrozenDictionary<char, string> plain = replacements.Concat(
        LatinLetters.WithAccents.Split().Where(letters => letters.Length > 0)
            .SelectMany(letters => letters[1..].Select(letter => KeyValuePair.Create(letter, letters[..1])))).ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Country> byKey = Keys();

    public static IReadOnlyList<Country> All => CountryTable.Rows;

    /// <summary>Null if the name fits no country, or more than one.</summary>
    public static Country? Find(string? name)
    {
        if (name is null)
            return null;
        if (byName.TryGetValue(name, out Country? country))
            return country;
        string[] words = Words(name);
        if (byKey.TryGetValue(Key(words), out country))
            return country;
        string formless = Key(words.Where(word => !stateForms.Contains(word)));
        return !sharedNames.Contains(formless) && byKey.TryGetValue(formless, out country) ? country : FindOuter(name);
    }

    /// <summary>Another name may stand in brackets: <c>Czechia (Czech Republic)</c>.</summary>
    private static Country? FindOuter(string name) =>
        name.IndexOf('(', StringComparison.Ordinal) is > 0 and var bracket && !sharedNames.Contains(Key(Words(name[..bracket])))
            ? Find(name[..bracket])
            : null;

    private static FrozenDictionary<string, Country> Keys()
    {
        Dictionary<string, Country> byCode = CountryTable.Rows.ToDictionary(country => country.Code);
        var keys = new Dictionary<string, Country>();
        foreach (Country country in CountryTable.Rows)
            keys.Add(Key(Words(country.Name)), country);
        foreach (string line in CountryNames.Lines.ReplaceLineEndings("\n").Split('\n'))
        {
            Country country = byCode[line[..2]];
            foreach (string name in line[3..].Split('|').Append(country.Code))
            {
                if (!keys.TryAdd(Key(Words(name)), country) && keys[Key(Words(name))] != country)
                    throw new InvalidOperationException($"{name} is a name of both {country.Code} and {keys[Key(Words(name))].Code}.");
            }
        }
        return keys.ToFrozenDictionary();
    }

    /// <summary>The words of a name in plain lower-case letters. Apostrophes and full stops do not separate words: <c>d'Ivoire</c>, <c>U.S.A.</c></summary>
    private static string[] Words(string name)
    {
        var letters = new StringBuilder(name.Length);
        foreach (char letter in name)
        {
            char lower = char.ToLowerInvariant(letter);
            if (plain.TryGetValue(lower, out string? spelled))
                letters.Append(spelled);
            else if (char.IsLetterOrDigit(lower))
                letters.Append(lower);
            else if (!IsJoining(letter))
                letters.Append(' ');
        }
        string[] words = letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 2 ? words : [.. words.Select(Spelled)]; // On their own, ST and IS are codes.
    }

    private static string Spelled(string word) => word switch
    {
        "st" or "sankt" or "sainte" or "ste" => "saint",
        "is" or "isl" or "isls" => "islands",
        _ => word,
    };

    /// <summary>
    /// The words in alphabetical order, so that <c>Korea, Republic of</c> equals <c>Republic of Korea</c>. Connecting words are dropped
    /// unless there are no others: <c>LA</c> and <c>DE</c> are codes.
    /// </summary>
    private static string Key(IEnumerable<string> words)
    {
        string[] all = [.. words.Order(StringComparer.Ordinal)];
        string[] distinctive = [.. all.Where(word => !connectingWords.Contains(word))];
        return string.Join(' ', distinctive.Length > 0 ? distinctive : all);
    }

    /// <summary>Combining accents do not separate words either.</summary>
    private static bool IsJoining(char letter) =>
        letter is '.' or '\'' or '’' or '‘' or 'ʼ' or '`' or '´' or '′'
        || CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format;
}
