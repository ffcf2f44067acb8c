using System.Text;
using Microsoft.EntityFrameworkCore;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Case_folding(Harbour harbour) : IClassFixture<Harbour>
{
    [Fact]
    public async Task Every_character_of_Unicode_is_folded_alike_by_the_database_and_in_memory()
    {
        string[] texts = [.. Enumerable.Range(1, 0x10FFFF).Where(Rune.IsValid).Chunk(1_000).Select(some => string.Concat(some.Select(char.ConvertFromUtf32)))];
        await using HarbourDb db = harbour.Open();

        List<string> folded = await db.Database.SqlQuery<string>(
            $"SELECT fold_case(text) AS \"Value\" FROM unnest({texts}) WITH ORDINALITY AS texts (text, position) ORDER BY position").ToListAsync();

        Assert.Equal(texts.Select(CaseFolding.Fold), folded);
    }

    /// <summary>
    /// Upper and lower case of every letter fold alike, whether a letter has one of each or more; .NET knows no letter that is missing in our table.
    /// </summary>
    [Fact]
    public void Letters_that_differ_only_in_case_are_equal()
    {
        foreach (Rune letter in Enumerable.Range(1, 0x10FFFF).Where(Rune.IsValid).Select(code => new Rune(code)))
        {
            string folded = CaseFolding.Fold(letter.ToString());

            Assert.Equal(folded, CaseFolding.Fold(Rune.ToUpperInvariant(letter).ToString()));
            Assert.Equal(folded, CaseFolding.Fold(Rune.ToLowerInvariant(letter).ToString()));
        }
    }

    [Theory]
    [InlineData("İzmir", "izmir", "IZMIR", "i̇zmir", "ızmır", "İZMİR")]
    [InlineData("Straße", "STRASSE", "strasse", "STRAẞE")]
    [InlineData("Σας", "ΣΑΣ", "σασ")]
    [InlineData("\u212A", "k", "K")]
    [InlineData("ǅ", "ǆ", "Ǆ")]
    [InlineData("ﬁn", "FIN", "ﬁN")]
    [InlineData("ŉ", "ʼN", "ʼn")]
    [InlineData("ᾳ", "ᾼ", "ΑΙ", "αι")]
    [InlineData("ꭰ", "Ꭰ")]
    [InlineData("\U00010400", "\U00010428")]
    public void Texts_that_differ_only_in_case_are_equal(params string[] texts) =>
        Assert.Single(texts.Select(CaseFolding.Fold).Distinct(StringComparer.Ordinal));

    [Theory]
    [InlineData("é", "e")]
    [InlineData("ö", "oe")]
    [InlineData("İ", "ï")]
    [InlineData("é", "e\u0301")]
    public void Accents_and_their_composition_are_kept(string one, string other) => Assert.NotEqual(CaseFolding.Fold(one), CaseFolding.Fold(other));

    [Fact]
    public async Task The_database_has_the_table_of_the_engine()
    {
        string table = await File.ReadAllTextAsync(RepositoryRoot.Combine("engine", "src", "Data", "Filters", "CaseFolding.json"));

        Assert.Contains(table.TrimEnd(), await File.ReadAllTextAsync(Harbour.FoldingSql), StringComparison.Ordinal);
    }
}
