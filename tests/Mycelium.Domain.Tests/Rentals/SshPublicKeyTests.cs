using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mycelium.Domain.Rentals;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Rentals;

public sealed class SshPublicKeyTests
{
    // Generated once with OpenSSH's ssh-keygen for this test; the private keys were discarded.
    private const string Ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINtfhikiszq8QXDePI2TUVQzaUVJAo+At6JgLKjYm6AG a b";
    private const string Ecdsa256 = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBIr3bS/2SmTqMtFOPuSL1wrZvH297UhWmbLkj3M8nwsSqeYziwJ9s8mfweFlJ7pgg/hVzCFxQITuO/+GEJRUSRE= k";
    private const string Ecdsa384 = "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBGYIe+gUUt51PYxTz2fGkZNxcO8NYB9EJn+vPFzwtEArjssaAM6s8FyGMgHXhxhPeTQ1zfkRUqD/EGBjwLh2P2JpbOgrP3sDH07/CGsSK4P6bFSofcJ7fLGJBID8QQwkdQ== k";
    private const string Ecdsa521 = "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAEIgmdgtb/CWwvEx1jaHxvO/P06vvb3szSlG4IKNXLcBSB6plalWS6Jzr2hdRZpdkN/Ml/r3+aqhu443GSDYOP1JQFqTEu6HfkWK0TnvJi/o0aqGyeBR7fYIMpcSi/8s1ZjE5HxxHFDYIHGCMA/qj6cPZCP0rxhxzubXCChXvEQtUOMhA== k";
    private const string Rsa3072 = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC0pmb5rbw/JnIrewWYDQLDcTHkjlLxi1r0rETfHvDrZ0M7hsNv+J3owZss+H+/ZKyGlkVTcuzpw0FsN2JbyQ9us4Iqg/eCPVIsVQEs63QA+hLsyCfn2zoxc6CiXYjoy58vmGcg+LVJwFVWai0uOsJgh7rP9DsIqOKoerWoD3EnggT2+qHutjZLIpArYvVe0znixIeF3OBL70K8Enp6TFyVEcV6P/1nJrXkT/iYn1iYvr8vlpA/uMT3Lh2wg1QMsHu8azvy+yEmntvrBU3HxZ/+22q50hZae+zE0ml7pLPihTTzbnhAVOGAiP96SD247NCpKpta4sUeXs9H9QMEE1YOi/iy7nKrZ+u/RicYn/zWbsqgrg1WheDy5Bz/isiOjHhvc7hHmkrvBnd/cl1xlarf+LaWVkeBq9tBWQZp4NjIgRU8ZPTWYZFpuvAyuhI0GoahFkec0tUrn9cJy/PDYEIgRDvBDB0VPUBsZmfs8aTTOXeeKgXuYl6yeBZzpX0bVvE= k";
    private const string Rsa2048 = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCp+5dUtdH/ZJd0td1Io/SACyF6GjH+Iio3zGRpI/wkWPWhd9cvdIt5INE2cQ9fs9WnoGlkmoPCywiqsv/yEJrh93iYalrzS6+iM4gw03Wg6HAuMSy7nDSXs60N3LMgTw630j+K5b7uEGlIU4s+gQ7ggajGFWvg7Ec2lydfQnsqaGkzbToYDf2KG7BUsXqyd5bvBF2LzqWzurCYMKSdKBlMZenkNwMlwHuPJ9FVWSzRcQd8DR15kjv2KimuzOpRO7vaffJ1wo1KCibh4P5WBAMbKIr3k1ytZdi550LwhO1lq4GBnJc0IkKQVFTPB2Y/0K1g27Q04WNPvNyUNafD8cVv k";
    private const string Dsa = "ssh-dss AAAAB3NzaC1kc3MAAACBAJWZT6MLUmxy8JSZucXDkngMB8y6AZ82dvk5CZG43qOyqr4TLiuev4QyOzHHCNZi/QzDr0KAbhYB87D/kboFDf3oJHaNxwxl8QXO0rebBberdYp6/z+HyUhWYGXWrgXpAtHFno4hGKRkj7ZUM+7J3g3I4f71aqy6GIa2UtldTD0LAAAAFQCYSoYIySqAR9RCnzkUPxjDuhhLPQAAAIBQJLhngbSu+yvqpzX9F5ZS6UZjP8T891jvw+tQlTFdE3/ksuqeXlRLb7WO/Fs7PAk4anhQR5yYaTDga7CQpuQLo7RnpSYIFHHN3wGzO+I1KA8M3teQ5l15b51nX3CVQdR0SYD4Qr3ffcmaXMXCBaa4LtHVuEvRSmSVMRe/+kJfQwAAAIBkYzTD/H6RJJH+hDkaTCz12jUdwQAFv7O5O1mKpuc4i0F5Bx3zVgo9tmee47KQG912Ythyvd5mI+t+3cuP9SpKp+smxydSpbnnQ/Ns9DxNAwU9iGoYRW/89VKo2g5jUk2GyzBnnIZa5UlG042JDQ/JkIcB/xYdF4atCO5KSjvJ9w== k";

    [Theory]
    [InlineData(Ed25519, "ssh-ed25519", "SHA256:eDcIKd1pgBfZHcOZCH3UxP3LeAI+S+NdQknjUQIbY94")]
    [InlineData(Ecdsa256, "ecdsa-sha2-nistp256", "SHA256:bhAJmAAvyk+kY4g4dl4VpCszgNnoqR/y5ggllrCeWvE")]
    [InlineData(Ecdsa384, "ecdsa-sha2-nistp384", "SHA256:MQGwgvLFims5Y2NBiLp2dS1TTCv6M054MYt+AB2Wclc")]
    [InlineData(Ecdsa521, "ecdsa-sha2-nistp521", "SHA256:NVHZjF+JVtW7A1Mq/VL7LAxhOgyUMNhvEWZDB39VjsQ")]
    [InlineData(Rsa3072, "ssh-rsa", "SHA256:rpuuDwlGDFi9tYxfnHIJrN/3TrreuARbMZbxRwEzKL8")]
    public void Keys_of_openssh_are_accepted_with_their_fingerprint(string line, string kind, string fingerprint)
    {
        SshPublicKey key = SshPublicKey.Parse(line);

        Assert.Equal((kind, line, fingerprint), (key.Kind, key.Text, key.Fingerprint));
    }

    [Fact]
    public void Space_around_and_between_the_parts_does_not_matter()
    {
        string[] parts = Ed25519.Split(' ', 3);

        Assert.Equal(Ed25519, SshPublicKey.Parse($"  {parts[0]}   {parts[1]}   {parts[2]} \r\n").Text);
    }

    [Theory]
    [InlineData("{0}\t{1}\t{2}")]
    [InlineData("{0} \t {1}\t\t{2}")]
    [InlineData("\t{0}\t{1} {2}\t\n")]
    [InlineData("\uFEFF{0} {1} {2}")]
    [InlineData("\uFEFF\t{0}\t{1}\t{2}\r\n")]
    [InlineData(" \uFEFF {0} {1} {2}")]
    public void Tabs_and_a_byte_order_mark_in_front_do_not_matter(string pasted)
    {
        string[] parts = Ed25519.Split(' ', 3);

        Assert.Equal(Ed25519, SshPublicKey.Parse(string.Format(CultureInfo.InvariantCulture, pasted, parts)).Text);
    }

    [Fact]
    public void A_tab_in_the_comment_is_a_space() => Assert.Equal(Ed25519, SshPublicKey.Parse(Ed25519.Replace(" a b", " a\tb", StringComparison.Ordinal)).Text);

    [Fact]
    public void A_comment_may_be_missing()
    {
        string bare = string.Join(' ', Ed25519.Split(' ').Take(2));

        Assert.Equal(bare, SshPublicKey.Parse(bare).Text);
    }

    [Theory]
    [InlineData(null, SshPublicKeyFlaw.Empty)]
    [InlineData("", SshPublicKeyFlaw.Empty)]
    [InlineData("  \n", SshPublicKeyFlaw.Empty)]
    [InlineData("\uFEFF\t", SshPublicKeyFlaw.Empty)]
    [InlineData("\uFEFF-----BEGIN OPENSSH PRIVATE KEY-----", SshPublicKeyFlaw.PrivateKey)]
    [InlineData(Ed25519 + "\uFEFF", SshPublicKeyFlaw.NotOneLine)]
    [InlineData(Ed25519 + "\tb\n" + Ed25519, SshPublicKeyFlaw.NotOneLine)]
    [InlineData("ssh-ed25519\t", SshPublicKeyFlaw.NotBase64)]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n", SshPublicKeyFlaw.PrivateKey)]
    [InlineData(Ed25519 + "\n-----BEGIN RSA PRIVATE KEY-----", SshPublicKeyFlaw.PrivateKey)]
    [InlineData(Ed25519 + "\n" + Ecdsa256, SshPublicKeyFlaw.NotOneLine)]
    [InlineData(Ed25519 + "\u0000", SshPublicKeyFlaw.NotOneLine)]
    [InlineData(Ed25519 + "\u2028x", SshPublicKeyFlaw.NotOneLine)]
    [InlineData(Dsa, SshPublicKeyFlaw.UnknownKind)]
    [InlineData("ssh-ed25519-cert-v01@openssh.com AAAA", SshPublicKeyFlaw.UnknownKind)]
    [InlineData("command=\"rm -rf /\" " + Ed25519, SshPublicKeyFlaw.UnknownKind)]
    [InlineData("SSH-ED25519 AAAA", SshPublicKeyFlaw.UnknownKind)]
    [InlineData("ssh-ed25519", SshPublicKeyFlaw.NotBase64)]
    [InlineData("ssh-ed25519 not*base64", SshPublicKeyFlaw.NotBase64)]
    [InlineData("ssh-ed25519 ÄÄÄÄ", SshPublicKeyFlaw.NotBase64)]
    [InlineData("ssh-ed25519 AAAA", SshPublicKeyFlaw.Malformed)]
    [InlineData(Rsa2048, SshPublicKeyFlaw.RsaTooShort)]
    public void An_unacceptable_key_is_refused_with_the_reason(string? text, SshPublicKeyFlaw flaw)
    {
        Assert.False(SshPublicKey.TryParse(text, out SshPublicKey? key, out InvalidSshPublicKey? problem));

        Assert.Null(key);
        Assert.Equal(flaw, problem.Flaw);
        Assert.NotEmpty(problem.Message);
        Assert.Throws<FormatException>(() => SshPublicKey.Parse(text));
    }

    [Fact]
    public void The_first_word_must_match_the_encoded_key()
    {
        string inside = Ecdsa256.Split(' ')[1];

        Assert.Equal(SshPublicKeyFlaw.KindMismatch, FlawOf($"ssh-ed25519 {inside}"));
        Assert.Equal(SshPublicKeyFlaw.KindMismatch, FlawOf($"ecdsa-sha2-nistp384 {inside}"));
    }

    [Theory]
    [InlineData(3_071, SshPublicKeyFlaw.RsaTooShort)]
    [InlineData(3_072, null)]
    [InlineData(16_384, null)]
    [InlineData(16_385, SshPublicKeyFlaw.RsaTooLong)]
    public void Rsa_keys_have_3072_to_16384_bits(int bits, SshPublicKeyFlaw? flaw) =>
        Assert.Equal(flaw, FlawOf(RsaLine(Odd(bits), exponent: [1, 0, 1])));

    [Fact]
    public void Impossible_RSA_numbers_are_refused()
    {
        byte[] modulus = Odd(3_072);
        byte[] even = [.. modulus[..^1], 0];
        byte[] negative = modulus[1..]; // Without its leading zero, the first bit of the number is a minus sign.

        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(RsaLine(modulus, exponent: [1])));
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(RsaLine(modulus, exponent: [4])));
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(RsaLine(modulus, exponent: [])));
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(RsaLine(even, exponent: [3])));
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(RsaLine(negative, exponent: [3])));
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(RsaLine([], exponent: [3])));
    }

    [Fact]
    public void Keys_generated_by_dotnet_are_accepted()
    {
        using RSA rsa = RSA.Create(3_072);
        RSAParameters numbers = rsa.ExportParameters(includePrivateParameters: false);
        Assert.Null(FlawOf(RsaLine([0, .. numbers.Modulus!], numbers.Exponent!)));

        Assert.All(
            new[] { ("nistp256", ECCurve.NamedCurves.nistP256), ("nistp384", ECCurve.NamedCurves.nistP384), ("nistp521", ECCurve.NamedCurves.nistP521) },
            curve =>
            {
                using ECDsa ecdsa = ECDsa.Create(curve.Item2);
                ECPoint point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
                Assert.Null(FlawOf(EcdsaLine(curve.Item1, [4, .. point.X!, .. point.Y!])));
            });
    }

    [Fact]
    public void A_point_that_is_not_on_its_curve_is_refused()
    {
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECPoint point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        byte[] offCurve = [.. point.Y!];
        offCurve[31] ^= 1;

        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(EcdsaLine("nistp256", [4, .. point.X!, .. offCurve])));
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(EcdsaLine("nistp256", [2, .. point.X!])));
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(EcdsaLine("nistp256", [4, .. new byte[64]])));
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(EcdsaLine("nistp256", [])));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void An_ed25519_key_has_32_bytes(int length) =>
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf(Line("ssh-ed25519", new byte[length])));

    [Fact]
    public void A_shortened_or_lengthened_key_is_refused_and_never_throws()
    {
        foreach (string line in new[] { Ed25519, Ecdsa256, Rsa3072 })
        {
            string[] parts = line.Split(' ');
            byte[] blob = Convert.FromBase64String(parts[1]);

            Assert.All(Enumerable.Range(0, blob.Length), length => Assert.NotNull(FlawOf($"{parts[0]} {Convert.ToBase64String(blob[..length])}")));
            Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf($"{parts[0]} {Convert.ToBase64String([.. blob, 0])}"));
        }
    }

    [Fact]
    public void A_length_that_points_past_the_end_is_refused() =>
        Assert.Equal(SshPublicKeyFlaw.Malformed, FlawOf($"ssh-ed25519 {Convert.ToBase64String([0xff, 0xff, 0xff, 0xff, 1])}"));

    [Fact]
    public void A_text_longer_than_any_key_is_refused_without_parsing() =>
        Assert.Equal(SshPublicKeyFlaw.TooLong, FlawOf(Ed25519 + new string('x', SshPublicKey.LengthMax)));

    [Fact]
    public void A_private_key_is_recognized_however_long_it_is() =>
        Assert.Equal(SshPublicKeyFlaw.PrivateKey, FlawOf("-----BEGIN RSA PRIVATE KEY-----" + new string('x', SshPublicKey.LengthMax)));

    [Fact]
    public void Every_flaw_has_an_explanation() =>
        Assert.All(Enum.GetValues<SshPublicKeyFlaw>(), flaw => Assert.NotEmpty(new InvalidSshPublicKey(flaw).Message));

    private static SshPublicKeyFlaw? FlawOf(string text) =>
        SshPublicKey.TryParse(text, out _, out InvalidSshPublicKey? problem) ? null : problem.Flaw;

    /// <summary>An odd number of exactly this many bits, with the leading zero that keeps it positive.</summary>
    private static byte[] Odd(int bits)
    {
        byte[] number = new byte[bits / 8 + 1];
        number[bits % 8 == 0 ? 1 : 0] = (byte)(1 << ((bits - 1) % 8));
        number[^1] |= 1;
        return number;
    }

    private static string RsaLine(byte[] modulus, byte[] exponent) => Line("ssh-rsa", exponent, modulus);

    private static string EcdsaLine(string curve, byte[] point) => Line($"ecdsa-sha2-{curve}", Encoding.ASCII.GetBytes(curve), point);

    private static string Line(string kind, params byte[][] fields)
    {
        byte[] blob = [.. A.SshField(Encoding.ASCII.GetBytes(kind)), .. fields.SelectMany(field => A.SshField(field))];
        return $"{kind} {Convert.ToBase64String(blob)}";
    }
}
