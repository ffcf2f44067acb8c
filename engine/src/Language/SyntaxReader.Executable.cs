namespace Mycelium.GraphQL.Engine.Language;

internal ref partial struct SyntaxReader
{
    /// <summary><see href="https://spec.graphql.org/September2025/#Document"/></summary>
    public DocumentNode ReadDocument()
    {
        SyntaxToken start = token;
        int mark = pending.Count;
        do
            pending.Push(ReadDefinition());
        while (!Peek(TokenKind.EndOfFile));
        return new DocumentNode(From(start), pending.TakeFrom<DefinitionNode>(mark));
    }

    private DefinitionNode ReadDefinition()
    {
        SyntaxToken start = token;
        string? description = ReadOptionalDescription();
        if (Peek(TokenKind.BraceLeft))
        {
            if (description is not null)
                throw Error("a shorthand query cannot have a description; write \"query\" before \"{\"");
            return new OperationDefinitionNode(description: null, operation: OperationType.Query, name: null, variableDefinitions: [], directives: [],
                selectionSet: ReadSelectionSet(), span: From(start));
        }
        if (!Peek(TokenKind.Name))
            throw Unexpected();
        switch (Text)
        {
            case "query" or "mutation" or "subscription":
                return ReadOperation(start, description);
            case "fragment":
                return ReadFragmentDefinition(start, description);
            case "extend" when description is not null:
                throw Error("an extension cannot have a description");
            default:
                return ReadTypeSystemDefinition(start, description);
        }
    }

    private OperationDefinitionNode ReadOperation(in SyntaxToken start, string? description)
    {
        OperationType operation = ReadOperationType();
        string? name = Peek(TokenKind.Name) ? ReadName() : null;
        VariableDefinitionNode[] variables = ReadVariableDefinitions();
        DirectiveNode[] directives = ReadDirectives(isConstant: false);
        SelectionSetNode selections = ReadSelectionSet();
        return new OperationDefinitionNode(From(start), description, operation, name, variables, directives, selections);
    }

    private OperationType ReadOperationType()
    {
        OperationType operation = Peek(TokenKind.Name) ? Text switch
        {
            "query" => OperationType.Query,
            "mutation" => OperationType.Mutation,
            "subscription" => OperationType.Subscription,
            _ => throw Unexpected(),
        } : throw Unexpected();
        Advance();
        return operation;
    }

    private VariableDefinitionNode[] ReadVariableDefinitions()
    {
        if (!Skip(TokenKind.ParenLeft))
            return [];
        int mark = pending.Count;
        do
        {
            SyntaxToken start = token;
            string? description = ReadOptionalDescription();
            VariableNode variable = ReadVariable();
            Expect(TokenKind.Colon);
            TypeNode type = ReadType();
            ValueNode? defaultValue = Skip(TokenKind.Equal) ? ReadValue(isConstant: true) : null;
            DirectiveNode[] directives = ReadDirectives(isConstant: true);
            pending.Push(new VariableDefinitionNode(From(start), description, variable, type, defaultValue, directives));
        }
        while (!Skip(TokenKind.ParenRight));
        return pending.TakeFrom<VariableDefinitionNode>(mark);
    }

    private FragmentDefinitionNode ReadFragmentDefinition(in SyntaxToken start, string? description)
    {
        Advance();
        if (PeekKeyword("on"))
            throw Error("a fragment cannot be named \"on\"");
        string name = ReadName();
        ExpectKeyword("on");
        NamedTypeNode condition = ReadNamedType();
        DirectiveNode[] directives = ReadDirectives(isConstant: false);
        SelectionSetNode selections = ReadSelectionSet();
        return new FragmentDefinitionNode(From(start), description, name, condition, directives, selections);
    }

    private SelectionSetNode ReadSelectionSet()
    {
        SyntaxToken start = token;
        Enter();
        Expect(TokenKind.BraceLeft);
        if (Peek(TokenKind.BraceRight))
            throw Error("a selection set cannot be empty");
        int mark = pending.Count;
        do
            pending.Push(Peek(TokenKind.Spread) ? ReadFragment() : ReadField());
        while (!Skip(TokenKind.BraceRight));
        Leave();
        return new SelectionSetNode(From(start), pending.TakeFrom<SelectionNode>(mark));
    }

    private FieldNode ReadField()
    {
        SyntaxToken start = token;
        if (++fieldCount > options.MaxFields)
            throw OverLimit(nameof(options.MaxFields), options.MaxFields, $"the document has more than {options.MaxFields} fields");
        string name = ReadName();
        string? alias = null;
        if (Skip(TokenKind.Colon))
        {
            alias = name;
            name = ReadName();
        }
        ArgumentNode[] arguments = ReadArguments(isConstant: false);
        DirectiveNode[] directives = ReadDirectives(isConstant: false);
        SelectionSetNode? selections = Peek(TokenKind.BraceLeft) ? ReadSelectionSet() : null;
        return new FieldNode(From(start), alias, name, arguments, directives, selections);
    }

    /// <summary>A spread of a named fragment, or a fragment written in place.</summary>
    private SelectionNode ReadFragment()
    {
        SyntaxToken start = token;
        Expect(TokenKind.Spread);
        bool hasCondition = SkipKeyword("on");
        if (!hasCondition && Peek(TokenKind.Name))
        {
            string name = ReadName();
            DirectiveNode[] onSpread = ReadDirectives(isConstant: false);
            return new FragmentSpreadNode(From(start), name, onSpread);
        }
        NamedTypeNode? condition = hasCondition ? ReadNamedType() : null;
        DirectiveNode[] directives = ReadDirectives(isConstant: false);
        SelectionSetNode selections = ReadSelectionSet();
        return new InlineFragmentNode(From(start), condition, directives, selections);
    }

    private ArgumentNode[] ReadArguments(bool isConstant)
    {
        if (!Skip(TokenKind.ParenLeft))
            return [];
        int mark = pending.Count;
        do
        {
            SyntaxToken start = token;
            string name = ReadName();
            Expect(TokenKind.Colon);
            ValueNode value = ReadValue(isConstant);
            pending.Push(new ArgumentNode(From(start), name, value));
        }
        while (!Skip(TokenKind.ParenRight));
        return pending.TakeFrom<ArgumentNode>(mark);
    }

    private DirectiveNode[] ReadDirectives(bool isConstant)
    {
        if (!Peek(TokenKind.At))
            return [];
        int mark = pending.Count;
        do
        {
            SyntaxToken start = token;
            Advance();
            string name = ReadName();
            ArgumentNode[] arguments = ReadArguments(isConstant);
            pending.Push(new DirectiveNode(From(start), name, arguments));
        }
        while (Peek(TokenKind.At));
        return pending.TakeFrom<DirectiveNode>(mark);
    }
}
