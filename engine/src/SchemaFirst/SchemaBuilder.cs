using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.SchemaFirst;

/// <summary>
/// Builds a schema from SDL and resolvers. A field without a resolver reads the property, or the dictionary entry, with its name from its parent. The
/// value of an interface or union states its type by the entry <c>__typename</c> or the name of its CLR type.
/// </summary>
public sealed class SchemaBuilder
{
    private readonly DocumentNode document;
    private readonly Dictionary<string, Action<FieldDefinition>> configurations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScalarType> scalars = new(StringComparer.Ordinal);

    private SchemaBuilder(DocumentNode document) => this.document = document;

    /// <exception cref="GraphQLSyntaxException">The text does not parse.</exception>
    public static SchemaBuilder FromSdl(string sdl) => new(Parser.ParseDocument(sdl, ParserOptions.Trusted));

    /// <param name="coordinate">Such as <c>Query.node</c>.</param>
    public SchemaBuilder Resolve(string coordinate, FieldDelegate resolver) => Configure(coordinate, field =>
    {
        field.PureResolver = null;
        field.Resolver = resolver;
    });

    /// <inheritdoc cref="FieldDefinition.PureResolver"/>
    public SchemaBuilder ResolvePure(string coordinate, Func<object, object?> resolver) => Configure(coordinate, field => field.PureResolver = resolver);

    /// <summary>Gives a root field of the subscription type its source stream; without a resolver of its own, the field shows the event itself.</summary>
    public SchemaBuilder Subscribe(string coordinate, SubscribeDelegate subscribe) => Configure(coordinate, field =>
    {
        field.Subscribe = subscribe;
        if (field.Resolver is null)
            field.PureResolver = @event => @event;
    });

    /// <inheritdoc cref="ResumesWithAttribute"/>
    /// <param name="coordinate">Such as <c>Subscription.onChange</c>.</param>
    /// <param name="argument">The argument that takes the position.</param>
    public SchemaBuilder ResumesWith(string coordinate, string argument) => Configure(coordinate, field =>
        field.Features = new Dictionary<Type, object>(field.Features) { [typeof(Resumption)] = new Resumption(argument) });

    /// <summary>Implements a scalar that the SDL names. The engine's own scalars are recognized by name; any other accepts any value.</summary>
    public SchemaBuilder Scalar(ScalarType scalar)
    {
        scalars.Add(scalar.Name, scalar);
        return this;
    }

    /// <exception cref="SchemaException">The SDL names something it does not define, or breaks a rule for schemas.</exception>
    public Schema Build()
    {
        var reader = new SdlReader(document, scalars);
        foreach ((string coordinate, Action<FieldDefinition> configure) in configurations)
            configure(reader.FindField(SchemaCoordinate.Parse(coordinate)) ?? throw new SchemaException($"{coordinate}: there is no such field to resolve."));
        return reader.Complete();
    }

    private SchemaBuilder Configure(string coordinate, Action<FieldDefinition> configure)
    {
        configurations[coordinate] = configurations.TryGetValue(coordinate, out Action<FieldDefinition>? before) ? before + configure : configure;
        return this;
    }
}
