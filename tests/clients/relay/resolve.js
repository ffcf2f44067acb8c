export const resolve = (specifier, context, next) => next(specifier.endsWith('.graphql') ? `${specifier}.js` : specifier, context);
