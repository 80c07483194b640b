// EncoderPool: encoders with warm caches, lent to whoever encodes.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "bpe/encoder.h"

namespace tribute::text {

// Holds as many encoders as were ever lent at one time. Thread-safe. Must not outlive the model.
class EncoderPool {
 public:
  // An encoder, back in the pool at the end of the lease's life.
  class Lease {
   public:
    Lease(EncoderPool& pool, std::unique_ptr<bpe::Encoder> encoder) : pool_(&pool), encoder_(std::move(encoder)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (encoder_ == nullptr) return;
      const std::scoped_lock lock(pool_->mutex_);
      pool_->idle_.push_back(std::move(encoder_));
    }

    bpe::Encoder& operator*() { return *encoder_; }

   private:
    EncoderPool* pool_;
    std::unique_ptr<bpe::Encoder> encoder_;
  };

  explicit EncoderPool(const bpe::Model& model) : model_(model) {}

  Lease lend() {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        Lease lease(*this, std::move(idle_.back()));
        idle_.pop_back();
        return lease;
      }
    }
    return {*this, std::make_unique<bpe::Encoder>(model_)};
  }

 private:
  const bpe::Model& model_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<bpe::Encoder>> idle_;
};

}  // namespace tribute::text
