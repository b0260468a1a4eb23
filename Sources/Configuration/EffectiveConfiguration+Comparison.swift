extension EffectiveConfiguration {
    /// The keys of the settings whose values are others in `other`, wherever they come from, in the schema's
    /// order. Secrets are compared too.
    ///
    /// - Precondition: both come from one schema.
    public func changedKeys(in other: EffectiveConfiguration) -> [String] {
        keys.filter { settings[$0]?.texts != other.settings[$0]?.texts }
    }
}
