#pragma once

#include <napi.h>

#include <memory>
#include <utility>

#include "decode_job.h"

namespace steermoe {

/** What the addon keeps for each JS realm: its classes, and what a class's constructor is to wrap next. */
class Realm {
 public:
  Napi::FunctionReference model_class, context_class;

  void OfferModel(std::shared_ptr<Model> model) { model_ = std::move(model); }
  std::shared_ptr<Model> TakeNewModel() { return std::move(model_); }
  void OfferSeat(std::shared_ptr<ContextSeat> seat) { seat_ = std::move(seat); }
  std::shared_ptr<ContextSeat> TakeNewSeat() { return std::move(seat_); }

 private:
  std::shared_ptr<Model> model_;
  std::shared_ptr<ContextSeat> seat_;
};

inline Realm& RealmOf(Napi::Env env) { return *env.GetInstanceData<Realm>(); }

}  // namespace steermoe
